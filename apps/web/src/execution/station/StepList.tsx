import { Check, Circle, CircleDot, Clock, UserRound } from 'lucide-react'
import type { ReactElement } from 'react'
import { useEffect, useRef } from 'react'
import { answersFor } from './step-answers.ts'
import { text, valueText } from './step-limits.ts'
import type { Answer, Cell, Sheet, Standing } from './step-sheet.ts'
import { cellKey, cellsOf, standingOf } from './step-sheet.ts'

interface StepListProps {
  readonly sheet: Sheet
  readonly current: Cell | undefined
  /** Undefined = steps cannot be gone to now. */
  readonly onPick: ((key: string) => void) | undefined
}

const standingWords: Readonly<Record<Standing, string>> = {
  done: 'Done',
  missing: 'To do',
  unfilled: 'More to be scanned',
  unverified: 'Second person to confirm',
  stale: 'To be signed again',
  'not-needed': 'Not needed',
}

/** Every step with what was answered, and the one at hand. */
export function StepList({ sheet, current, onPick }: StepListProps): ReactElement {
  const cells = cellsOf(sheet)
  const list = useRef<HTMLElement>(null)
  const at = current === undefined ? '' : cellKey(current)
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked for anew when another step is at hand
  useEffect(() => {
    const [aside, line] = [list.current, list.current?.querySelector<HTMLElement>('[aria-current]')]
    // The list alone is moved: where all scrolls together, the work stays in sight.
    if (aside && line) aside.scrollTop = line.offsetTop - aside.offsetTop - aside.clientHeight / 3
  }, [at])
  const done = cells.filter((cell) => ['done', 'not-needed'].includes(standingOf(cell, sheet))).length
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard
    <aside ref={list} className="work-steps" aria-labelledby="work-steps" tabIndex={0}>
      <h2 id="work-steps">
        Steps: {done} of {cells.length} done
      </h2>
      <ol>
        {cells.map((cell) => (
          <StepLine
            key={cellKey(cell)}
            cell={cell}
            sheet={sheet}
            isCurrent={current !== undefined && cellKey(current) === cellKey(cell)}
            onPick={onPick}
          />
        ))}
      </ol>
    </aside>
  )
}

interface StepLineProps extends Pick<StepListProps, 'sheet' | 'onPick'> {
  readonly cell: Cell
  readonly isCurrent: boolean
}

function StepLine({ cell, sheet, isCurrent, onPick }: StepLineProps): ReactElement {
  const standing = standingOf(cell, sheet)
  const answers = answersFor(sheet, cell)
  const [answer] = answers
  const isWaiting = answers.some(({ recordedAt }) => recordedAt === null)
  const Icon = isWaiting
    ? Clock
    : standing === 'done'
      ? Check
      : standing === 'unverified'
        ? UserRound
        : isCurrent
          ? CircleDot
          : Circle
  const content = (
    <>
      <Icon size={24} aria-hidden="true" />
      <span>
        <span className="work-step-title">
          {text(cell.step.title)}
          {cell.code === null ? '' : ` · ${cell.code}`}
        </span>
        <span className="work-step-state">
          {stateText(cell, standing, answers)}
          {answers.some(({ within }) => within === false) ? ', outside the limits' : ''}
          {answers.some(({ corrects }) => corrects !== null) ? ', corrected' : ''}
        </span>
      </span>
    </>
  )
  const isLeftOut = standing === 'missing' && cell.step.optional
  const mayPick =
    onPick !== undefined && (answer !== undefined || isLeftOut) && !isWaiting && cell.step.ask.type !== 'signature'
  return (
    <li data-standing={standing} aria-current={isCurrent ? 'step' : undefined}>
      {mayPick ? (
        <button type="button" className="work-step" onClick={() => onPick(cellKey(cell))}>
          {content}
        </button>
      ) : (
        <div className="work-step">{content}</div>
      )}
    </li>
  )
}

function stateText({ step }: Cell, standing: Standing, answers: readonly Answer[]): string {
  if (answers.length === 0 || standing === 'not-needed') return standingWords[standing]
  const value = answers.map((answer) => valueText(step, answer.value, answer.limits?.unit)).join(', ')
  if (answers.some(({ recordedAt }) => recordedAt === null)) return `Not yet recorded: ${value}`
  return standing === 'done' ? value : `${standingWords[standing]}: ${value}`
}
