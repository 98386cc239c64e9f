import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { draftWorkDefinition as draftOperation, WorkDefinition } from '@throughline/model'
import { draftWorkDefinition, listWorkDefinitions, prepareSignature } from '@throughline/model'
import { problemFacts } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useRef, useState } from 'react'
import type { z } from 'zod'
import { client } from '../../door/client.ts'
import { useDenial } from '../../identity/access/may.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { DraftProblems } from '../form/DraftProblems.tsx'
import type { DraftProblem } from '../form/draft-problem.ts'
import { refusedProblems } from '../form/draft-problem.ts'
import { PartList } from '../form/PartList.tsx'
import { UnsavedGuard } from '../form/UnsavedGuard.tsx'
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
  const queryClient = useQueryClient()
  const denial = useDenial()
  const { nodes } = useNodes()
  const [typed, setTyped] = useState<TypedDefinition>(() => typedOf(before))
  const [openId, setOpenId] = useState(typed.operations[0]?.id)
  const [problems, setProblems] = useState<readonly DraftProblem[]>([])
  const unsaved = useRef(false)
  const { operations } = typed
  const save = useMutation({
    mutationFn: (content: z.output<(typeof draftOperation)['input']>) => client(draftWorkDefinition, content),
    onSuccess: async ({ code, version }) => {
      unsaved.current = false
      // First away: the page of the draft would take its own saving for somebody else's.
      await navigate({ to: '/work-definitions/$code', params: { code }, search: { version } })
      await queryClient.invalidateQueries({ queryKey: [listWorkDefinitions.name] })
      await queryClient.invalidateQueries({ queryKey: [prepareSignature.name] })
    },
    onError: (error) => show(refusedProblems(problemFacts(error).fields, operations.length, operationWords)),
  })
  const openIndex = operations.findIndex(({ id }) => id === openId)
  const open = operations[openIndex]
  const mayNot = denial('execution.definition.write', 'write work definitions')

  function change(next: Partial<TypedDefinition>): void {
    unsaved.current = true
    setTyped((all) => ({ ...all, ...next }))
  }
  const changeOpen = (next: Partial<TypedOperation>): void =>
    change({ operations: operations.map((each, index) => (index === openIndex ? { ...each, ...next } : each)) })

  function show(found: readonly DraftProblem[]): void {
    setProblems(found)
    const places = found.flatMap(({ part }) => (part === null ? [] : [part]))
    const [first] = places
    if (first !== undefined && !places.includes(openIndex)) setOpenId(operations[first]?.id)
  }

  function add(): void {
    const operation = newOperation(nextSequence(operations))
    change({ operations: [...operations, operation] })
    setOpenId(operation.id)
  }

  function remove(index: number): void {
    const left = operations.toSpliced(index, 1)
    change({ operations: left })
    setProblems([])
    if (index === openIndex) setOpenId(left[Math.min(index, left.length - 1)]?.id)
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const read = contentOf(typed)
    show('problems' in read ? read.problems : [])
    if ('content' in read) save.mutate(read.content)
  }

  const isDraft = before?.state === 'draft'
  const next = before === undefined ? 1 : isDraft ? before.version : before.version + 1
  return (
    <form onSubmit={onSubmit} noValidate>
      <UnsavedGuard unsaved={unsaved} />
      <ScreenHead
        above={<Link to="/work-definitions">Work definitions</Link>}
        title={before === undefined ? 'New work definition' : `${before.code}, version ${next}`}
        answer={
          before === undefined || isDraft
            ? 'A draft: no order is released by it before it is reviewed and released.'
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
        noun="Operation"
        onOpen={(part) => setOpenId(operations[part]?.id)}
      />
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
          openId={openId}
          problems={problems}
          onOpen={setOpenId}
          onMove={(from, to) => {
            setProblems([])
            change({ operations: movedOperations(operations, from, to) })
          }}
          onRemove={remove}
          onAdd={add}
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
            problems={problems.flatMap(({ part, message }) => (part === openIndex ? [message] : []))}
            onChange={changeOpen}
          />
        )}
      </div>
    </form>
  )
}
