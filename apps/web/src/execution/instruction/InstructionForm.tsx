import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { draftInstruction as draftOperation, WorkInstruction } from '@throughline/model'
import { draftInstruction, listInstructions, prepareSignature } from '@throughline/model'
import { problemFacts } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useRef, useState } from 'react'
import type { z } from 'zod'
import { client } from '../../door/client.ts'
import { useDenial } from '../../identity/access/may.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { DraftProblems } from '../form/DraftProblems.tsx'
import type { DraftProblem } from '../form/draft-problem.ts'
import { movedTo, refusedProblems } from '../form/draft-problem.ts'
import { PartList } from '../form/PartList.tsx'
import { UnsavedGuard } from '../form/UnsavedGuard.tsx'
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
  const queryClient = useQueryClient()
  const denial = useDenial()
  const [typed, setTyped] = useState<TypedInstruction>(() => typedOf(before))
  const [openId, setOpenId] = useState(typed.steps[0]?.id)
  const [language, setLanguage] = useState('en')
  const [problems, setProblems] = useState<readonly DraftProblem[]>([])
  const unsaved = useRef(false)
  const save = useMutation({
    mutationFn: (content: z.output<(typeof draftOperation)['input']>) => client(draftInstruction, content),
    onSuccess: async ({ code, version }) => {
      unsaved.current = false
      // First away: the page of the draft would take its own saving for somebody else's.
      await navigate({ to: '/instructions/$code', params: { code }, search: { version } })
      await queryClient.invalidateQueries({ queryKey: [listInstructions.name] })
      await queryClient.invalidateQueries({ queryKey: [prepareSignature.name] })
    },
    onError: (error) => show(refusedProblems(problemFacts(error).fields, typed.steps.length, stepWords)),
  })
  const openIndex = typed.steps.findIndex(({ id }) => id === openId)
  const open = typed.steps[openIndex]
  const mayNot = denial('execution.definition.write', 'write instructions')

  function change(next: Partial<TypedInstruction>): void {
    unsaved.current = true
    setTyped((all) => ({ ...all, ...next }))
  }
  const changeStep = (next: Partial<TypedStep>): void =>
    change({ steps: typed.steps.map((each, index) => (index === openIndex ? { ...each, ...next } : each)) })

  /** Opens the first step that is wrong, unless the open one is. */
  function show(found: readonly DraftProblem[]): void {
    setProblems(found)
    const places = found.flatMap(({ part }) => (part === null ? [] : [part]))
    const [first] = places
    if (first !== undefined && !places.includes(openIndex)) setOpenId(typed.steps[first]?.id)
  }

  function add(): void {
    const step = newStep(freeKey(typed.steps))
    change({ steps: typed.steps.toSpliced(openIndex + 1, 0, step) })
    setOpenId(step.id)
  }

  function remove(index: number): void {
    const steps = typed.steps.toSpliced(index, 1)
    change({ steps })
    setProblems([])
    if (index === openIndex) setOpenId(steps[Math.min(index, steps.length - 1)]?.id)
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const read = contentOf(typed)
    show('problems' in read ? read.problems : [])
    if ('content' in read) save.mutate(read.content)
  }

  const own = problems.filter(({ part }) => part === null)
  const isDraft = before?.state === 'draft'
  const next = before === undefined ? 1 : isDraft ? before.version : before.version + 1
  return (
    <form onSubmit={onSubmit} noValidate>
      <UnsavedGuard unsaved={unsaved} />
      <ScreenHead
        above={<Link to="/instructions">Work instructions</Link>}
        title={before === undefined ? 'New work instruction' : `${before.code}, version ${next}`}
        answer={
          before === undefined || isDraft
            ? 'A draft: nobody works by it before it is reviewed and released.'
            : `Version ${before.version} stays in use until this one is released; running orders keep theirs.`
        }
        actions={
          <Button type="submit" loading={save.isPending} disabled={mayNot !== undefined}>
            Save the draft
          </Button>
        }
      />
      {mayNot === undefined ? null : <p className="screen-note">{mayNot}</p>}
      <DraftProblems
        problems={problems}
        error={save.error}
        noun="Step"
        onOpen={(part) => setOpenId(typed.steps[part]?.id)}
      />
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
          openId={openId}
          problems={problems}
          onOpen={setOpenId}
          onMove={(from, to) => {
            setProblems([])
            change({ steps: movedTo(typed.steps, from, to) })
          }}
          onRemove={remove}
          onAdd={add}
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
              problems={problems.flatMap(({ part, message }) => (part === openIndex ? [message] : []))}
              onChange={changeStep}
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
