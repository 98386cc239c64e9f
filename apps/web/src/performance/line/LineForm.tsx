import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { EquipmentNode, LineSetting } from '@throughline/model'
import { listCurrentStates, listLines, setLine } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { ReasonedEnd } from '../../identity/access/ReasonedEnd.tsx'
import { useCurrentStates } from '../machine/performance-hooks.ts'
import type { DraftedLine, TypedLine } from './line-draft.ts'
import { lineOf, movedMachine, typedLine, withoutMachine } from './line-draft.ts'

interface LineFormProps {
  readonly before: LineSetting | undefined
  /** Lines that have an order already: those are changed, not set anew. */
  readonly taken: readonly EquipmentNode['id'][]
  readonly nodes: readonly EquipmentNode[]
  readonly tree: PlantTree
  readonly onClose: () => void
}

/** What is no line by itself, though machines stand below it. */
const aboveLines: readonly EquipmentNode['level'][] = ['enterprise', 'site', 'area']

/** Sets the order of the machines of a line, the buffers between them and the key machine. */
export function LineForm({ before, taken, nodes, tree, onClose }: LineFormProps): ReactElement {
  const queryClient = useQueryClient()
  const { states, error } = useCurrentStates(undefined)
  const [typed, setTyped] = useState<TypedLine>(() => typedLine(before))
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const save = useMutation({
    mutationFn: (line: DraftedLine) => client(setLine, { ...line, basedOn: before?.version ?? 0 }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [listLines.name] })
      await queryClient.invalidateQueries({ queryKey: [listCurrentStates.name] })
      onClose()
    },
  })
  const machines = (states ?? []).flatMap(({ nodeId }) => tree.byId(nodeId) ?? [])
  const below = (path: string) => machines.filter((machine) => machine.path.startsWith(`${path}/`))
  const lines = nodes.filter(
    ({ id, path, level }) =>
      id === typed.lineId || (!aboveLines.includes(level) && !taken.includes(id) && below(path).length >= 2),
  )
  const line = typed.lineId === null ? undefined : tree.byId(typed.lineId)
  const left =
    line === undefined ? [] : below(line.path).filter(({ id }) => !typed.machines.some((one) => one.nodeId === id))
  const nameOf = (nodeId: string): string => tree.byId(nodeId)?.name ?? 'a machine outside your scopes'
  function change(next: Partial<TypedLine>): void {
    setTyped((all) => ({ ...all, ...next }))
  }
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const read = lineOf(typed)
    setProblem('problem' in read ? read.problem : undefined)
    if ('line' in read) save.mutate(read.line)
  }
  return (
    <Dialog
      title={before === undefined ? 'Set the order of a line' : `Change the order of ${nameOf(before.lineId)}`}
      size="lg"
      onClose={onClose}
    >
      <form className="access-form" onSubmit={onSubmit}>
        {error === null ? null : <ProblemNotice what="The machines could not be listed" error={error} />}
        <p>The past of these machines is worked out anew: who was starved or blocked, and by whom.</p>
        <NativeSelect
          label="Line"
          description={
            before === undefined && lines.length === 0
              ? 'No line without an order has two machines whose states are known.'
              : undefined
          }
          value={typed.lineId ?? ''}
          disabled={before !== undefined}
          onChange={(event) => {
            const chosen = nodes.find(({ id }) => id === event.currentTarget.value)
            change({ lineId: chosen?.id ?? null, machines: [], keyNodeId: null })
          }}
          data={
            before === undefined
              ? [
                  { value: '', label: 'Choose …' },
                  ...lines.map(({ id, path }) => ({ value: id as string, label: path })),
                ]
              : [{ value: before.lineId as string, label: line?.path ?? nameOf(before.lineId) }]
          }
        />
        <fieldset className="form-lines">
          <legend>Machines, in the order in which parts pass</legend>
          {typed.machines.length === 0 ? <p className="tl-dim">None yet: add the first one below.</p> : null}
          <ol className="line-order">
            {typed.machines.map(({ nodeId, buffer }, index) => (
              <li key={nodeId} className="line-machine">
                <strong>
                  {index + 1}. {nameOf(nodeId)}
                </strong>
                <TextInput
                  label="Buffer behind it, s"
                  aria-label={`Buffer behind ${nameOf(nodeId)}, seconds`}
                  inputMode="decimal"
                  value={buffer}
                  onChange={(event) => {
                    const text = event.currentTarget.value
                    change({
                      machines: typed.machines.map((each) =>
                        each.nodeId === nodeId ? { ...each, buffer: text } : each,
                      ),
                    })
                  }}
                />
                <span className="line-acts">
                  <Button
                    variant="default"
                    disabled={index === 0}
                    aria-label={`Up: ${nameOf(nodeId)} one place earlier`}
                    onClick={() => change({ machines: movedMachine(typed.machines, nodeId, -1) })}
                  >
                    Up
                  </Button>
                  <Button
                    variant="default"
                    disabled={index === typed.machines.length - 1}
                    aria-label={`Down: ${nameOf(nodeId)} one place later`}
                    onClick={() => change({ machines: movedMachine(typed.machines, nodeId, 1) })}
                  >
                    Down
                  </Button>
                  <Button
                    variant="default"
                    aria-label={`Remove: ${nameOf(nodeId)}`}
                    onClick={() => change(withoutMachine(typed, nodeId))}
                  >
                    Remove
                  </Button>
                </span>
              </li>
            ))}
          </ol>
          <NativeSelect
            label="Add a machine"
            value=""
            disabled={left.length === 0}
            description={line !== undefined && left.length === 0 ? 'Every machine of the line is in.' : undefined}
            onChange={(event) => {
              const machine = left.find(({ id }) => id === event.currentTarget.value)
              if (machine !== undefined) change({ machines: [...typed.machines, { nodeId: machine.id, buffer: '0' }] })
            }}
            data={[
              { value: '', label: 'Choose …' },
              ...left.map(({ id, name }) => ({ value: id as string, label: name })),
            ]}
          />
        </fieldset>
        <NativeSelect
          label="Key machine"
          description="By it the line is judged: its bottleneck."
          value={typed.keyNodeId ?? ''}
          onChange={(event) => {
            const chosen = typed.machines.find(({ nodeId }) => nodeId === event.currentTarget.value)
            change({ keyNodeId: chosen?.nodeId ?? null })
          }}
          data={[
            { value: '', label: 'The last one' },
            ...typed.machines.map(({ nodeId }) => ({ value: nodeId as string, label: nameOf(nodeId) })),
          ]}
        />
        <ReasonedEnd
          reason={typed.reason}
          onReason={(reason) => change({ reason })}
          problem={problem}
          save={save}
          failure="The order was not set"
          verb="Set the order"
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
