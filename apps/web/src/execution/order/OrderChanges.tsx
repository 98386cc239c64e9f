import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { Order } from '@throughline/model'
import { releaseOrder, setOrderPriority, splitOrder } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { localHint, localInstant, localText } from '../../performance/window/window-choice.ts'
import { piecesText, quantityProblem, typedQuantity } from '../form/amount.ts'
import { TaskDialog } from '../form/TaskDialog.tsx'
import { priorities } from './CreateOrder.tsx'

interface OrderChangeProps {
  readonly order: Order
  readonly onClose: () => void
}

/** Gives an order to the floor; its pieces get their numbers. */
export function ReleaseOrder({ order, onClose }: OrderChangeProps): ReactElement {
  const [codes, setCodes] = useState('')
  const given = codes.split(/[\s,;]+/).filter((code) => code !== '')
  return (
    <TaskDialog
      title={`Release ${order.code}`}
      verb="Release"
      failure="The order was not released"
      reason="none"
      onSave={() => client(releaseOrder, { orderId: order.id, version: order.version, codes: given })}
      onClose={onClose}
    >
      <p>From now on it keeps the work definition, bill of material and instructions that are effective.</p>
      <Textarea
        label="Serial numbers, or the lot number"
        description="One a line. Empty: the next ones of the plant."
        rows={3}
        value={codes}
        onChange={({ currentTarget: { value } }) => setCodes(value)}
      />
    </TaskDialog>
  )
}

/** Changes how urgent an order is, and when it is due. */
export function ChangePriority({
  order,
  timeZone,
  onClose,
}: OrderChangeProps & { readonly timeZone: string | undefined }): ReactElement {
  const [priority, setPriority] = useState(String(order.priority))
  const [due, setDue] = useState(order.dueAt === null ? '' : localText(order.dueAt, timeZone))
  const dueAt = due.trim() === '' ? null : localInstant(due, timeZone)
  return (
    <TaskDialog
      title={`Priority of ${order.code}`}
      verb="Change"
      failure="The order was not changed"
      check={() => (dueAt === undefined ? 'Give the due time such as 2026-11-22 14:05, or leave it empty.' : undefined)}
      onSave={(reason) =>
        client(setOrderPriority, {
          ...{ orderId: order.id, version: order.version, reason },
          ...{ priority: Number(priority), dueAt: dueAt ?? null },
        })
      }
      onClose={onClose}
    >
      <NativeSelect
        label="Priority"
        value={priority}
        onChange={({ currentTarget: { value } }) => setPriority(value)}
        data={priorities}
      />
      <TextInput
        label="Due"
        description={`${localHint(timeZone)}; may stay empty`}
        value={due}
        onChange={({ currentTarget: { value } }) => setDue(value)}
      />
    </TaskDialog>
  )
}

/** Splits an amount off an order; the split one is opened. */
export function SplitOrder({ order, onClose }: OrderChangeProps): ReactElement {
  const navigate = useNavigate()
  const [quantity, setQuantity] = useState('')
  return (
    <TaskDialog
      title={`Split ${order.code}`}
      verb="Split"
      failure="The order was not split"
      check={() => quantityProblem(quantity)}
      onSave={async (reason) => {
        const asked = { orderId: order.id, version: order.version, quantity: typedQuantity(quantity), reason }
        const { split } = await client(splitOrder, asked)
        await navigate({ to: '/orders/$code', params: { code: split.code } })
      }}
      onClose={onClose}
    >
      <p>
        The new order keeps versions and history. Of serials, the last ones that were not begun go with it. {order.code}{' '}
        is for {piecesText(order.quantity, order.unit)}.
      </p>
      <TextInput
        label="Quantity to split off"
        inputMode="decimal"
        data-autofocus
        value={quantity}
        onChange={({ currentTarget: { value } }) => setQuantity(value)}
      />
    </TaskDialog>
  )
}
