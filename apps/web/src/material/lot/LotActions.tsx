import { useNavigate } from '@tanstack/react-router'
import type { EquipmentNode, Lot } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { CountLot, DisposeLot, MoveLot, SetLotStatus, SplitLot } from './LotChanges.tsx'
import { isGone } from './lot-words.ts'
import { MergeLots } from './MergeLots.tsx'
import { TransformLot } from './TransformLot.tsx'

interface LotActionsProps {
  readonly lot: Lot
  readonly nodes: readonly EquipmentNode[]
  readonly timeZone: string | undefined
}

type Task = 'weigh' | 'status' | 'move' | 'split' | 'merge' | 'transform' | 'count' | 'dispose'

const words: Readonly<Record<Task, string>> = {
  weigh: 'Weigh out',
  status: 'Set the status',
  move: 'Move',
  split: 'Split',
  merge: 'Merge',
  transform: 'Make into another',
  count: 'Count',
  dispose: 'Dispose',
}

const tasks = Object.keys(words) as Task[]
/** What cannot be done with one piece. */
const ofAmounts: ReadonlySet<Task> = new Set(['weigh', 'split', 'merge'])

/** What is counted by the piece is not weighed out either. */
const fits = (task: Task, { control, unit }: Lot): boolean =>
  (control === 'lot' || !ofAmounts.has(task)) && (task !== 'weigh' || unit !== '1')

/** What may be done with a lot that is still there. */
export function LotActions({ lot, nodes, timeZone }: LotActionsProps): ReactElement {
  const denial = useDenial()
  const navigate = useNavigate()
  const [task, setTask] = useState<Task | undefined>(undefined)
  const may: Readonly<Record<Task, string | undefined>> = {
    weigh: denial('material.weigh', 'weigh material out'),
    status: denial('material.status.write', 'set the status of lots'),
    move: denial('material.move', 'move lots'),
    split: denial('material.move', 'split lots'),
    merge: denial('material.move', 'merge lots'),
    transform: denial('material.move', 'make lots into another material'),
    count: denial('material.count', 'count lots'),
    dispose: denial('material.dispose', 'dispose of lots'),
  }
  const shown = isGone(lot) ? [] : tasks.filter((each) => fits(each, lot))
  const close = (): void => setTask(undefined)
  const begin = (next: Task): void => {
    if (next === 'weigh') void navigate({ to: '/weigh', search: { lot: lot.code } })
    else setTask(next)
  }
  if (shown.length === 0) return <span>It is gone: nothing can be done with it any more.</span>
  return (
    <>
      {shown.map((each) => (
        <GuardedButton key={each} variant="default" reason={may[each]} onClick={() => begin(each)}>
          {words[each]}
        </GuardedButton>
      ))}
      {task === 'status' ? <SetLotStatus lot={lot} onClose={close} /> : null}
      {task === 'move' ? <MoveLot lot={lot} nodes={nodes} onClose={close} /> : null}
      {task === 'split' ? <SplitLot lot={lot} onClose={close} /> : null}
      {task === 'merge' ? <MergeLots lot={lot} timeZone={timeZone} onClose={close} /> : null}
      {task === 'transform' ? <TransformLot lot={lot} onClose={close} /> : null}
      {task === 'count' ? <CountLot lot={lot} onClose={close} /> : null}
      {task === 'dispose' ? <DisposeLot lot={lot} onClose={close} /> : null}
    </>
  )
}
