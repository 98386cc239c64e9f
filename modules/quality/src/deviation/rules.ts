import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Deviation, DomainEvents, Inspection } from '@throughline/model'
import type { GaugeUse } from '../quality.ts'

/** What is needed to open a deviation, before it has a number. */
export interface Occasion {
  readonly cause: Deviation['cause']
  readonly title: string
  readonly description: string
  readonly severity: Deviation['severity']
  readonly at: Instant
  readonly openedBy: string
  readonly nodeId: Id<'EquipmentNode'> | null
  readonly orderId: Id<'Order'> | null
  readonly runId: Id<'OperationRun'> | null
  readonly about: string
  readonly lots: readonly Id<'Lot'>[]
  readonly window: Deviation['window']
}

const aroundUs = 15 * 60 * 1_000_000

/** A quarter of an hour on either side: where to look in the readings for what happened at an instant. */
export const windowAround = (at: Instant): NonNullable<Deviation['window']> => ({
  from: Math.max(0, at - aroundUs) as Instant,
  to: (at + aroundUs) as Instant,
})

export const codeOf = (number: number): string => `DEV-${String(number).padStart(4, '0')}`

export const ofOverride = (event: DomainEvents['execution.gate-overridden']): Occasion => ({
  cause: { kind: 'gate-override', ref: event.overrideId },
  title: 'Work went on although a gate was closed',
  description: `${event.about}. ${event.by} answered for it: ${event.reason}`,
  severity: 'major',
  at: event.at,
  openedBy: event.by,
  nodeId: event.nodeId,
  orderId: event.orderId,
  runId: event.runId,
  about: event.about,
  lots: event.lots,
  window: windowAround(event.at),
})

export const ofBreach = (event: DomainEvents['execution.limit-breached']): Occasion => ({
  cause: { kind: 'limit-breach', ref: event.entryId },
  title: 'An entry lies outside its limits',
  description: event.reason === '' ? event.about : `${event.about}. ${event.by} said: ${event.reason}`,
  severity: 'major',
  at: event.at,
  openedBy: event.by,
  nodeId: event.nodeId,
  orderId: event.orderId,
  runId: event.runId,
  about: event.about,
  lots: event.lots,
  window: windowAround(event.at),
})

type Alarm = DomainEvents['alarm.occurred']

export const ofAlarm = (
  event: Alarm,
  work: Pick<Occasion, 'orderId' | 'runId' | 'lots'> = { orderId: null, runId: null, lots: [] },
): Occasion => ({
  cause: { kind: 'alarm', ref: event.occurrenceId },
  title: event.message,
  description: `${event.name}: ${event.detail}`,
  severity: event.priority === 1 ? 'critical' : 'major',
  at: event.at,
  openedBy: 'alarm',
  nodeId: event.nodeId,
  ...work,
  about: event.name,
  window: windowAround(event.at),
})

/** More than these stand on the deviation as its lots. */
const mostNamed = 100
const listed = (names: readonly string[]): string =>
  names.length <= mostNamed
    ? names.join(', ')
    : `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`

const useText = ({ orderCode, sequence, name, lots }: GaugeUse): string =>
  `${orderCode}, operation ${sequence} (${name}), ${lots.length} ${lots.length === 1 ? 'piece' : 'pieces'}`

/** A gauge was wrong: everything that was accepted with it since it was last known to be right is in doubt (AS9100 7.1.5.2). */
export const ofDoubt = (
  event: DomainEvents['equipment.calibration-recorded'],
  measured: readonly Pick<Inspection, 'piece' | 'lotId'>[],
  uses: readonly GaugeUse[] = [],
): Occasion => ({
  cause: { kind: 'calibration', ref: `${event.assetId} ${event.at}` },
  title: `${event.code} was found out of tolerance`,
  description: [
    `${event.code} was used since it was last known to be right. Review what was accepted with it.`,
    ...(measured.length === 0 ? [] : [`Measured: ${listed([...new Set(measured.map(({ piece }) => piece))])}.`]),
    ...(uses.length === 0 ? [] : [`Used at: ${listed(uses.map(useText))}.`]),
  ].join(' '),
  severity: 'major',
  at: event.at,
  openedBy: 'calibration',
  nodeId: null,
  orderId: null,
  runId: null,
  about: `${event.code}, ${measured.length} inspections${uses.length === 0 ? '' : `, ${uses.length} operations`}`,
  lots: [...new Set([...measured.flatMap(({ lotId }) => lotId ?? []), ...uses.flatMap(({ lots }) => lots)])],
  window: null,
})

export const ofInspection = (inspection: Inspection): Occasion => {
  const failed = inspection.results.filter(({ within, status }) => within === false || status === 'fail')
  const names = failed.map(({ characteristic }) => characteristic).join(', ')
  return {
    cause: { kind: 'inspection', ref: inspection.id },
    title: `${inspection.piece} failed its ${inspection.kind.replaceAll('-', ' ')} inspection`,
    description: `Not within its limits: ${names}`,
    severity: 'major',
    at: inspection.at,
    openedBy: inspection.recordedBy,
    nodeId: inspection.nodeId,
    orderId: inspection.orderId,
    runId: inspection.runId,
    about: `${failed.length} of ${inspection.results.length} characteristics`,
    lots: inspection.lotId === null ? [] : [inspection.lotId],
    window: null,
  }
}

/** Whether an alarm is quality's business: nobody is told of one that is suppressed or shelved. */
export const concernsQuality = ({ qualityCritical, hidden }: Alarm): boolean => qualityCritical && !hidden

/** @throws DomainError `conflict` when it is closed, or somebody changed it meanwhile */
export function assertOpenAsSeen(deviation: Deviation, version: number): void {
  const { code, state } = deviation
  if (state !== 'open') {
    const closed = deviation.closed === null ? '' : ` by ${deviation.closed.by}`
    throw new DomainError('conflict', 'quality.deviation-closed', `${code} is ${state}${closed}, which is for good`)
  }
  if (deviation.version === version) return
  throw new DomainError(
    'conflict',
    'quality.deviation-changed',
    `${code} was changed meanwhile: look at it again, then decide`,
    { version: deviation.version },
  )
}

/** @throws DomainError `invalid` for something that did not happen yet */
export function assertHappened(at: Instant, now: Instant): void {
  if (at <= now) return
  throw new DomainError('invalid', 'quality.time-future', 'It lies in the future: say when it happened')
}
