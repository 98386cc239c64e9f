import type { EquipmentNode, ShiftResult } from '@throughline/model'
import { listShiftResults } from '@throughline/model'
import { formatInstant, formatNumber, kpiText, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { durationText, kpiOf } from '../machine/machine-words.ts'
import type { WindowChoice } from '../machine/performance-hooks.ts'
import { useInWindow } from '../machine/performance-hooks.ts'
import { restatedShifts } from './restated.ts'

interface RestatedShiftsProps {
  readonly node: EquipmentNode | undefined
  readonly choice: WindowChoice
  readonly tree: PlantTree
  readonly timeZone: string | undefined
}

const mostShown = 50

/** Finished shifts whose figures changed afterwards: every version, with its cause. */
export function RestatedShifts({ node, choice, tree, timeZone }: RestatedShiftsProps): ReactElement | null {
  const { data, error } = useInWindow(
    listShiftResults,
    choice,
    [node?.id ?? null, 'restated'],
    node === undefined ? undefined : (window) => ({ nodeId: node.id, window, onlyRestated: true }),
  )
  const shifts = useMemo(() => restatedShifts(data?.answer ?? []), [data])
  if (node === undefined) return null
  return (
    <section className="performance-panel" aria-labelledby="restated">
      <h2 id="restated">Restated shifts</h2>
      {error === null ? null : <ProblemNotice what="The recorded results could not be read" error={error} />}
      {data !== undefined && shifts.length === 0 ? (
        <p className="tl-dim">No shift of this window was restated.</p>
      ) : null}
      {shifts.length > mostShown ? (
        <p>
          The newest {mostShown} of {shifts.length} are shown: choose a shorter window for the others.
        </p>
      ) : null}
      {shifts.slice(0, mostShown).map(({ key, versions: [first, ...later] }) =>
        first === undefined ? null : (
          <div key={key} className="strip-detail">
            <h3>
              {tree.byId(first.nodeId)?.name ?? 'A machine outside your scopes'}, {first.shift.name} of{' '}
              {first.shift.date}
            </h3>
            <ol className="comment-list">
              {[first, ...later].map((result, index) => (
                <li key={result.id}>
                  <Version result={result} isNewest={index === later.length} timeZone={timeZone} />
                </li>
              ))}
            </ol>
          </div>
        ),
      )}
    </section>
  )
}

interface VersionProps {
  readonly result: ShiftResult
  readonly isNewest: boolean
  readonly timeZone: string | undefined
}

function Version({ result, isNewest, timeZone }: VersionProps): ReactElement {
  const oee = kpiText(kpiOf(result, 'oee')?.value ?? null, '%')
  const figures = (
    <>
      OEE {oee} · good {formatNumber(result.elements.gq, 0)} · scrap {formatNumber(result.elements.sq, 0)} · down{' '}
      {durationText(result.elements.adotUs)}
    </>
  )
  return (
    <>
      <span className="restated-figures">{isNewest ? <strong>{figures}</strong> : <del>{figures}</del>}</span>
      <span className="machine-sub">
        Version {result.version}, {formatInstant(result.asOf, 'record', timeZone)}
        {result.cause === null ? ', as first recorded' : `: ${result.cause}`}{' '}
        <RecordTrailLink kind="performance.shift_result" id={result.id} />
      </span>
    </>
  )
}
