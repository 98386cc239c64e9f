import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import type { WorkInstruction } from '@throughline/model'
import { draftInstruction, listInstructions } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { useDenial } from '../../identity/access/may.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { DraftProblems } from '../form/DraftProblems.tsx'
import { movedTo } from '../form/draft-problem.ts'
import { PartList } from '../form/PartList.tsx'
import { UnsavedGuard } from '../form/UnsavedGuard.tsx'
import { useDraftForm } from '../form/use-draft-form.ts'
import { useDraftBase } from '../version/DraftBase.tsx'
import { textIn } from '../version/version-words.ts'
import { contentOf, stepWords } from './instruction-content.ts'
import type { TypedInstruction, TypedStep } from './instruction-draft.ts'
import { freeKey, newStep, typedOf } from './instruction-draft.ts'
import { LanguageBar } from './LanguageBar.tsx'
import { StepEditor } from './StepEditor.tsx'
import { StepPreview } from './StepPreview.tsx'
import { stepTypeWords } from './step-words.ts'
import { languageName, TextsFields } from './TextsFields.tsx'
import '../../performance/performance.css'
import '../form/draft.css'
import '../making.css'

/** The authoring page: steps in order, the open one with all its fields, and how the operator meets it. */
export function InstructionForm({ before }: { readonly before: WorkInstruction | undefined }): ReactElement {
  const navigate = useNavigate()
  const denial = useDenial()
  const base = useDraftBase(before)
  const draft = useDraftForm({
    begin: () => typedOf(before),
    partsOf: (typed: TypedInstruction): readonly TypedStep[] => typed.steps,
    withParts: (steps) => ({ steps }),
    ...{ words: stepWords, read: contentOf, list: listInstructions.name },
    save: (content) => client(draftInstruction, { ...content, drawnFrom: base.drawnFrom }),
    leave: ({ code, version }) => navigate({ to: '/instructions/$code', params: { code }, search: { version } }),
  })
  const [language, setLanguage] = useState('en')
  const { typed, change, open, openIndex, problems, saving } = draft
  const mayNot = denial('execution.definition.write', 'write instructions')
  const own = problems.filter(({ part }) => part === null)
  const isDraft = before?.state === 'draft'
  const next = before === undefined ? 1 : isDraft ? before.version : before.version + 1
  return (
    <form onSubmit={draft.onSubmit} noValidate>
      <UnsavedGuard unsaved={draft.unsaved} />
      <ScreenHead
        above={<Link to="/instructions">Work instructions</Link>}
        title={before === undefined ? 'New work instruction' : `${before.code}, version ${next}`}
        answer={
          before === undefined || isDraft
            ? 'A draft: nobody works by it before it is reviewed and released.'
            : `Version ${before.version} stays in use until this one is released; running orders keep theirs.`
        }
        actions={
          <Button type="submit" loading={saving.isPending} disabled={mayNot !== undefined}>
            Save the draft
          </Button>
        }
      />
      {mayNot === undefined ? null : <p className="screen-note">{mayNot}</p>}
      {base.notice}
      <DraftProblems problems={problems} error={saving.error} noun="Step" onOpen={draft.openAt} />
      <section className="performance-panel draft-head" aria-label="The instruction itself" data-wrong={own.length > 0}>
        <div className="form-grid">
          <TextInput
            label="Code"
            description="As work definitions name it, such as WI-LAYUP"
            value={typed.code}
            maxLength={60}
            disabled={before !== undefined}
            onChange={({ currentTarget: { value } }) => change({ code: value })}
          />
          <Textarea
            label="Why it is changed"
            description="Stands with the version"
            rows={1}
            autosize
            maxLength={500}
            value={typed.changeReason}
            onChange={({ currentTarget: { value } }) => change({ changeReason: value })}
          />
        </div>
        <TextsFields
          label="Title of the instruction"
          texts={typed.title}
          languages={typed.languages}
          maxLength={300}
          onChange={(title) => change({ title })}
        />
        <LanguageBar languages={typed.languages} onChange={(languages) => change({ languages })} />
      </section>
      <div className="draft-author">
        <PartList
          title="Steps"
          noun="step"
          parts={typed.steps.map(({ id, title, type }) => ({
            ...{ id, title: textIn(title) || 'No title yet', about: stepTypeWords[type] },
          }))}
          openId={draft.openId}
          problems={problems}
          onOpen={draft.onOpen}
          onMove={(from, to) => draft.reorder(movedTo(typed.steps, from, to))}
          onRemove={draft.remove}
          onAdd={() => draft.insert(newStep(freeKey(typed.steps)), openIndex + 1)}
        />
        {open === undefined ? (
          <p>The instruction has no step yet: add one.</p>
        ) : (
          <>
            <StepEditor
              key={open.id}
              step={open}
              number={openIndex + 1}
              before={typed.steps.slice(0, openIndex)}
              languages={typed.languages}
              problems={draft.openProblems}
              onChange={draft.changeOpen}
            />
            <section className="draft-shown" aria-labelledby="instruction-preview">
              <div className="performance-panel-head">
                <h2 id="instruction-preview">As the operator sees it</h2>
                <NativeSelect
                  aria-label="Language of the preview"
                  value={language}
                  data={typed.languages.map((value) => ({ value, label: languageName(value) }))}
                  onChange={({ currentTarget: { value } }) => setLanguage(value)}
                />
              </div>
              <StepPreview step={open} number={openIndex + 1} of={typed.steps.length} language={language} />
            </section>
          </>
        )}
      </div>
    </form>
  )
}
