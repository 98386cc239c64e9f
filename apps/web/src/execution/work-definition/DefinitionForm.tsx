import { Button, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import type { WorkDefinition } from '@throughline/model'
import { draftWorkDefinition, listWorkDefinitions } from '@throughline/model'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { useDenial } from '../../identity/access/may.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { DraftProblems } from '../form/DraftProblems.tsx'
import { PartList } from '../form/PartList.tsx'
import { UnsavedGuard } from '../form/UnsavedGuard.tsx'
import { useDraftForm } from '../form/use-draft-form.ts'
import { useDraftBase } from '../version/DraftBase.tsx'
import type { TypedDefinition, TypedOperation } from './definition-draft.ts'
import { contentOf, movedOperations, newOperation, nextSequence, operationWords, typedOf } from './definition-draft.ts'
import { OperationEditor } from './OperationEditor.tsx'
import '../../performance/performance.css'
import '../form/draft.css'
import '../making.css'

const headFields = [
  ['product', 'Product', 'Material code of what is made'],
  ['drawing', 'Drawing', 'Number; may stay empty'],
  ['revision', 'Revision', 'Of the drawing'],
  ['under', 'Less may be made', 'Percent of what is ordered'],
  ['over', 'More may be made', 'Percent of what is ordered'],
  ['changeReason', 'Why it is changed', 'Stands with the version'],
] as const

/** Writes the routing of a product, or its next version: the operations in order, the open one with all its fields. */
export function DefinitionForm({ before }: { readonly before: WorkDefinition | undefined }): ReactElement {
  const navigate = useNavigate()
  const denial = useDenial()
  const { nodes } = useNodes()
  const base = useDraftBase(before)
  const draft = useDraftForm({
    begin: () => typedOf(before),
    partsOf: (typed: TypedDefinition): readonly TypedOperation[] => typed.operations,
    withParts: (operations) => ({ operations }),
    ...{ words: operationWords, read: contentOf, list: listWorkDefinitions.name },
    save: (content) => client(draftWorkDefinition, { ...content, drawnFrom: base.drawnFrom }),
    leave: ({ code, version }) => navigate({ to: '/work-definitions/$code', params: { code }, search: { version } }),
  })
  const { typed, change, open, openIndex, problems, saving } = draft
  const { operations } = typed
  const mayNot = denial('execution.definition.write', 'write work definitions')
  const isDraft = before?.state === 'draft'
  const next = before === undefined ? 1 : isDraft ? before.version : before.version + 1
  return (
    <form onSubmit={draft.onSubmit} noValidate>
      <UnsavedGuard unsaved={draft.unsaved} />
      <ScreenHead
        above={<Link to="/work-definitions">Work definitions</Link>}
        title={before === undefined ? 'New work definition' : `${before.code}, version ${next}`}
        answer={
          before === undefined || isDraft
            ? 'A draft: no order is released by it before it is reviewed and released.'
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
      <DraftProblems problems={problems} error={saving.error} noun="Operation" onOpen={draft.openAt} />
      <section className="performance-panel draft-head" aria-label="The definition itself">
        <div className="form-grid">
          <TextInput
            label="Code"
            description="Such as R-BRK-100"
            value={typed.code}
            maxLength={60}
            disabled={before !== undefined}
            onChange={({ currentTarget: { value } }) => change({ code: value })}
          />
          {headFields.map(([name, label, description]) => (
            <TextInput
              key={name}
              label={label}
              description={description}
              value={typed[name]}
              maxLength={500}
              onChange={({ currentTarget: { value } }) => change({ [name]: value })}
            />
          ))}
        </div>
      </section>
      <div className="draft-author" data-columns="2">
        <PartList
          title="Operations"
          noun="operation"
          parts={operations.map(({ id, sequence, name, path, equipmentClass, place }) => ({
            ...{ id, title: `${sequence} ${name || 'No name yet'}` },
            about: (place === 'path' ? path : equipmentClass) || 'No place yet',
          }))}
          openId={draft.openId}
          problems={problems}
          onOpen={draft.onOpen}
          onMove={(from, to) => draft.reorder(movedOperations(operations, from, to))}
          onRemove={draft.remove}
          onAdd={() => draft.insert(newOperation(nextSequence(operations)))}
        />
        {open === undefined ? (
          <p>The routing has no operation yet: add one.</p>
        ) : (
          <OperationEditor
            key={open.id}
            operation={open}
            number={openIndex + 1}
            before={operations.slice(0, openIndex)}
            nodes={nodes}
            problems={draft.openProblems}
            onChange={draft.changeOpen}
          />
        )}
      </div>
    </form>
  )
}
