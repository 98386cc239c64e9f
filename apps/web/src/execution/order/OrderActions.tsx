import type { Order } from '@throughline/model'
import { cancelOrder, closeOrder, holdOrder } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { TaskDialog } from '../form/TaskDialog.tsx'
import { ChangePriority, ReleaseOrder, SplitOrder } from './OrderChanges.tsx'
import { orderStateWords } from './order-words.ts'

interface OrderActionsProps {
  readonly order: Order
  readonly timeZone: string | undefined
}

type Task = 'release' | 'hold' | 'priority' | 'split' | 'cancel' | 'close'

/** In which states what may be done about an order. */
const allowed: Readonly<Record<Task, readonly Order['state'][]>> = {
  release: ['created'],
  hold: ['created', 'released', 'running', 'completed'],
  priority: ['created', 'released', 'running'],
  split: ['created', 'released', 'running'],
  cancel: ['created', 'released'],
  close: ['completed'],
}

/** What may be done about an order in its state; what the person may not do stays in reach with its reason. */
export function OrderActions({ order, timeZone }: OrderActionsProps): ReactElement {
  const denial = useDenial()
  const [task, setTask] = useState<Task | undefined>(undefined)
  const may = {
    release: denial('execution.order.release', 'release orders'),
    hold: denial('execution.order.hold', 'hold orders'),
    priority: denial('execution.order.write', 'change orders'),
    split: denial('execution.order.write', 'split orders'),
    cancel: denial('execution.order.release', 'cancel orders'),
    close: denial('execution.order.release', 'close orders'),
  }
  const shown = (Object.keys(words) as Task[]).filter((each) => allowed[each].includes(order.state))
  const close = (): void => setTask(undefined)
  const { id: orderId, code, version } = order
  if (shown.length === 0) return <span>{orderStateWords[order.state]}: it takes no more changes.</span>
  return (
    <>
      {shown.map((each) => (
        <GuardedButton
          key={each}
          variant={each === 'release' || each === 'close' ? 'filled' : 'default'}
          reason={may[each]}
          onClick={() => setTask(each)}
        >
          {words[each]}
        </GuardedButton>
      ))}
      {task === 'release' ? <ReleaseOrder order={order} onClose={close} /> : null}
      {task === 'priority' ? <ChangePriority order={order} timeZone={timeZone} onClose={close} /> : null}
      {task === 'split' ? <SplitOrder order={order} onClose={close} /> : null}
      {task === 'hold' ? (
        <TaskDialog
          title={`Hold ${code}`}
          verb="Hold"
          failure="The order is not held"
          onSave={(reason) => client(holdOrder, { orderId, reason })}
          onClose={close}
        >
          <p>Nothing of it can be started or gone on with until the hold is ended.</p>
        </TaskDialog>
      ) : null}
      {task === 'cancel' ? (
        <TaskDialog
          title={`Cancel ${code}`}
          verb="Cancel the order"
          failure="The order was not cancelled"
          onSave={(reason) => client(cancelOrder, { orderId, version, reason })}
          onClose={close}
        >
          <p>It is not made any more, and what it would have made is rejected. This has no way back.</p>
        </TaskDialog>
      ) : null}
      {task === 'close' ? (
        <TaskDialog
          title={`Close ${code}`}
          verb="Close the order"
          failure="The order was not closed"
          reason="optional"
          reasonLabel="Reason, if more or less was made than the rules allow"
          onSave={(reason) => client(closeOrder, { orderId, version, reason })}
          onClose={close}
        >
          <p>Its record takes no more entries after that.</p>
        </TaskDialog>
      ) : null}
    </>
  )
}

const words: Readonly<Record<Task, string>> = {
  release: 'Release',
  close: 'Close',
  hold: 'Hold',
  priority: 'Priority and due',
  split: 'Split',
  cancel: 'Cancel the order',
}
