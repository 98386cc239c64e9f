import type { EquipmentNode, Lot } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { CountLot, DisposeLot, MoveLot, SetLotStatus, SplitLot } from './LotChanges.tsx'
import { isGone } from './lot-words.ts'

interface LotActionsProps {
  readonly lot: Lot
  readonly nodes: readonly EquipmentNode[]
}

type Task = 'status' | 'move' | 'split' | 'count' | 'dispose'

const words: Readonly<Record<Task, string>> = {
  status: 'Set the status',
  move: 'Move',
  split: 'Split',
  count: 'Count',
  dispose: 'Dispose',
}

/** What may be done with a lot that is still there. */
export function LotActions({ lot, nodes }: LotActionsProps): ReactElement {
  const denial = useDenial()
  const [task, setTask] = useState<Task | undefined>(undefined)
  const may: Readonly<Record<Task, string | undefined>> = {
    status: denial('material.status.write', 'set the status of lots'),
    move: denial('material.move', 'move lots'),
    split: denial('material.move', 'split lots'),
    count: denial('material.count', 'count lots'),
    dispose: denial('material.dispose', 'dispose of lots'),
  }
  const shown: readonly Task[] = isGone(lot)
    ? []
    : lot.control === 'serial'
      ? ['status', 'move', 'count', 'dispose']
      : ['status', 'move', 'split', 'count', 'dispose']
  const close = (): void => setTask(undefined)
  if (shown.length === 0) return <span>It is gone: nothing can be done with it any more.</span>
  return (
    <>
      {shown.map((each) => (
        <GuardedButton key={each} variant="default" reason={may[each]} onClick={() => setTask(each)}>
          {words[each]}
        </GuardedButton>
      ))}
      {task === 'status' ? <SetLotStatus lot={lot} onClose={close} /> : null}
      {task === 'move' ? <MoveLot lot={lot} nodes={nodes} onClose={close} /> : null}
      {task === 'split' ? <SplitLot lot={lot} onClose={close} /> : null}
      {task === 'count' ? <CountLot lot={lot} onClose={close} /> : null}
      {task === 'dispose' ? <DisposeLot lot={lot} onClose={close} /> : null}
    </>
  )
}
