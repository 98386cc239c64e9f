import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { EquipmentNode, Lot } from '@throughline/model'
import { countLot, disposeLot, moveLot, setLotStatus, splitLot } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { piecesText, quantityProblem, typedQuantity } from '../../execution/form/amount.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { lotStatusWords } from './lot-words.ts'

interface LotChangeProps {
  readonly lot: Lot
  readonly onClose: () => void
}

const settable = ['available', 'quarantine', 'blocked', 'rejected'] as const

/** Says whether a lot may be used, and why. */
export function SetLotStatus({ lot, onClose }: LotChangeProps): ReactElement {
  // What is not made yet is made available by its order.
  const choices = settable.filter((each) => each !== lot.status && !(each === 'available' && lot.status === 'planned'))
  const [status, setStatus] = useState<(typeof settable)[number]>(choices[0] ?? 'blocked')
  return (
    <TaskDialog
      title={`Status of ${lot.code}`}
      verb="Set the status"
      failure="The status was not set"
      onSave={(reason) => client(setLotStatus, { lotId: lot.id, version: lot.version, status, reason })}
      onClose={onClose}
    >
      <p>
        It is {lot.status === 'planned' ? 'not made yet' : `${lotStatusWords[lot.status].toLowerCase()} now`}. What was
        made of it is held or told as well.
      </p>
      <NativeSelect
        label="New status"
        value={status}
        onChange={({ currentTarget: { value } }) => setStatus(settable.find((each) => each === value) ?? status)}
        data={choices.map((value) => ({ value, label: lotStatusWords[value] }))}
      />
    </TaskDialog>
  )
}

/** Puts a lot somewhere else; its out-life clock runs or rests by that. */
export function MoveLot({ lot, nodes, onClose }: LotChangeProps & { readonly nodes: readonly EquipmentNode[] }) {
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(lot.nodeId)
  const [place, setPlace] = useState(lot.place)
  const [cold, setCold] = useState(lot.outLife?.outSince == null ? 'cold' : 'out')
  return (
    <TaskDialog
      title={`Move ${lot.code}`}
      verb="Move"
      failure="The lot was not moved"
      reason="none"
      check={() => (nodeId === null ? 'Choose where it is put.' : undefined)}
      onSave={() =>
        client(moveLot, {
          ...{ lotId: lot.id, nodeId: nodeId ?? '', place: place.trim() },
          ...(lot.outLife === null ? {} : { cold: cold === 'cold' }),
        })
      }
      onClose={onClose}
    >
      <div>
        <p className="performance-bar-label">To</p>
        <ScopePicker label="To" nodes={nodes} value={nodeId} onPick={setNodeId} none="Type part of its path" />
      </div>
      <TextInput
        label="Place there"
        description="Such as shelf 3; may stay empty."
        maxLength={100}
        value={place}
        onChange={({ currentTarget: { value } }) => setPlace(value)}
      />
      {lot.outLife === null ? null : (
        <NativeSelect
          label="Stored"
          value={cold}
          onChange={({ currentTarget: { value } }) => setCold(value)}
          data={[
            { value: 'cold', label: 'Cold: the out-life clock rests' },
            { value: 'out', label: 'Out of the cold store: the out-life clock runs' },
          ]}
        />
      )}
    </TaskDialog>
  )
}

/** Makes lots of their own out of parts of a lot. */
export function SplitLot({ lot, onClose }: LotChangeProps): ReactElement {
  const [quantities, setQuantities] = useState('')
  const parts = quantities.split(/[\s;]+/).filter((each) => each !== '')
  return (
    <TaskDialog
      title={`Split ${lot.code}`}
      verb="Split"
      failure="The lot was not split"
      reason="none"
      check={() =>
        parts.length === 0 ? 'Give at least one quantity.' : parts.map((each) => quantityProblem(each)).find(Boolean)
      }
      onSave={() =>
        client(splitLot, { lotId: lot.id, parts: parts.map((each) => ({ quantity: typedQuantity(each) })) })
      }
      onClose={onClose}
    >
      <p>
        There are {piecesText(lot.quantity, lot.unit)}. Each part becomes a lot with the next number of the plant, and
        keeps the history of this one.
      </p>
      <Textarea
        label="Quantities to split off"
        description="One a line."
        rows={3}
        data-autofocus
        value={quantities}
        onChange={({ currentTarget: { value } }) => setQuantities(value)}
      />
    </TaskDialog>
  )
}

/** Records what was counted. */
export function CountLot({ lot, onClose }: LotChangeProps): ReactElement {
  const [counted, setCounted] = useState('')
  return (
    <TaskDialog
      title={`Count ${lot.code}`}
      verb="Record the count"
      failure="The count was not recorded"
      check={() => quantityProblem(counted, 'zero')}
      onSave={(reason) =>
        client(countLot, { lotId: lot.id, version: lot.version, counted: typedQuantity(counted), reason })
      }
      onClose={onClose}
    >
      <TextInput
        label="Counted"
        description={`By the record there are ${piecesText(lot.quantity, lot.unit)}.`}
        inputMode="decimal"
        data-autofocus
        value={counted}
        onChange={({ currentTarget: { value } }) => setCounted(value)}
      />
    </TaskDialog>
  )
}

/** Scraps some of a lot, or all of it. */
export function DisposeLot({ lot, onClose }: LotChangeProps): ReactElement {
  const [quantity, setQuantity] = useState<string>(lot.quantity)
  return (
    <TaskDialog
      title={`Dispose of ${lot.code}`}
      verb="Dispose"
      failure="Nothing was disposed of"
      check={() => quantityProblem(quantity)}
      onSave={(reason) => client(disposeLot, { lotId: lot.id, quantity: typedQuantity(quantity), reason })}
      onClose={onClose}
    >
      <p>What is disposed of has no way back.</p>
      <TextInput
        label="Quantity"
        description={`There are ${piecesText(lot.quantity, lot.unit)}.`}
        inputMode="decimal"
        value={quantity}
        onChange={({ currentTarget: { value } }) => setQuantity(value)}
      />
    </TaskDialog>
  )
}
