import { commandIn } from '../../identity/kiosk/command.ts'
import { names } from './pieces.ts'

/** What a scan may stand for at a station. */
export type ScanMeaning =
  | { readonly kind: 'command'; readonly name: CommandName; readonly argument: string }
  | { readonly kind: 'unknown-command'; readonly text: string }
  /** `piece` = the code of the one that was scanned. */
  | { readonly kind: 'open'; readonly runId: string; readonly piece?: string }
  /** The step or the start on the page asks for it. */
  | { readonly kind: 'entry'; readonly text: string }
  | { readonly kind: 'nothing'; readonly text: string }

export const commandNames = [
  ...(['START', 'DONE', 'SKIP', 'NEXT', 'PAUSE', 'COMPLETE', 'REPORT', 'SCRAP', 'REWORK', 'LIST', 'HELP'] as const),
  ...(['KEY', 'REASON'] as const),
] as const
export type CommandName = (typeof commandNames)[number]

interface Scannable {
  readonly id: string
  readonly orderCode: string
  readonly subjectCodes: readonly string[]
}

export interface ScanContext {
  readonly runs: readonly Scannable[]
  readonly chosenId: string | undefined
  /** Whether what is on the page takes a code. */
  readonly takes: boolean
  /** Whether that is the start of an operation: a piece of another one is no tool for it. */
  readonly starts?: boolean
}

/**
 * A command, an order that is opened, a code for what is on the page, a piece whose work is opened. An order's code is no
 * lot's and no tool's, so it comes first.
 */
export function scanMeaning(text: string, { runs, chosenId, takes, starts = false }: ScanContext): ScanMeaning {
  const command = commandIn(text)
  if (command !== undefined) {
    const name = commandNames.find((each) => each === command.name)
    return name === undefined
      ? { kind: 'unknown-command', text }
      : { kind: 'command', name, argument: command.argument }
  }
  const order = runs.find(({ orderCode }) => names(text, orderCode))
  if (order !== undefined && !(takes && order.id === chosenId)) return { kind: 'open', runId: order.id }
  const run = runs.find(({ subjectCodes }) => subjectCodes.some((code) => names(text, code)))
  if (takes && !(starts && run !== undefined && run.id !== chosenId)) return { kind: 'entry', text }
  const piece = run?.subjectCodes.find((code) => names(text, code))
  return run === undefined || piece === undefined ? { kind: 'nothing', text } : { kind: 'open', runId: run.id, piece }
}

/** What the printed sheet of commands holds, with the words below each code. */
export const printedCommands: readonly { readonly code: string; readonly words: string }[] = [
  { code: 'CMD:START', words: 'Start, or go on' },
  { code: 'CMD:DONE', words: 'Record this step, enter, sign' },
  { code: 'CMD:SKIP', words: 'Leave this step out' },
  { code: 'CMD:NEXT', words: 'Next field of a table' },
  { code: 'CMD:COMPLETE', words: 'Complete' },
  { code: 'CMD:LIST', words: 'Back to the list' },
  { code: 'CMD:PAUSE=Break', words: 'Pause: break' },
  { code: 'CMD:PAUSE=End of shift', words: 'Pause: end of shift' },
  { code: 'CMD:PAUSE=Waiting for material', words: 'Pause: material' },
  { code: 'CMD:REPORT', words: 'Good, scrap and rework' },
  { code: 'CMD:SCRAP', words: 'One more scrap' },
  { code: 'CMD:REWORK', words: 'One more rework' },
  { code: 'CMD:REASON=Measured again, same value', words: 'Reason: measured again' },
  { code: 'CMD:REASON=As told', words: 'Reason: as told' },
  { code: 'CMD:REASON=Damaged', words: 'Reason: damaged' },
  { code: 'CMD:HELP', words: 'Call help' },
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'].map((key) => ({ code: `CMD:KEY=${key}`, words: `Key ${key}` })),
  { code: 'CMD:KEY=.', words: 'Decimal point' },
  { code: 'CMD:KEY=-', words: 'Minus' },
  { code: 'CMD:KEY=C', words: 'Start again' },
]
