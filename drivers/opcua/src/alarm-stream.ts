import { setTimeout as delay } from 'node:timers/promises'
import type { AlarmReport } from '@throughline/edge'
import type { Clock, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { EventNotificationList, Variant } from 'node-opcua'
import {
  AttributeIds,
  ContentFilter,
  constructEventFilter,
  DataType,
  ElementOperand,
  EventFilter,
  FilterOperator,
  LiteralOperand,
  LocalizedText,
  NodeId,
  StatusCodes,
} from 'node-opcua'
import type { TellFault } from './decode.ts'
import { instantOf } from './decode.ts'
import { firstLineOf } from './failure.ts'
import type { Link } from './link.ts'
import { getNodeId, stableAddressOf } from './node-id.ts'

export interface AlarmStreamListener {
  alarms(reports: readonly AlarmReport[]): void
  alarmsComplete(conditions: readonly string[]): void
  fault: TellFault
}

/** Standard nodes. Source: OPC 10000-5 and OPC 10000-9, annex of node ids. */
const standard = {
  server: NodeId.resolveNodeId('i=2253'),
  conditionType: NodeId.resolveNodeId('i=2782'),
  /** Above the three events of a refresh. */
  systemEventType: NodeId.resolveNodeId('i=2130'),
  conditionRefresh: NodeId.resolveNodeId('i=3875'),
} as const
const refreshStart = 'ns=0;i=2787'
const refreshEnd = 'ns=0;i=2788'
const refreshRequired = 'ns=0;i=2789'
const queueOverflow = 'ns=0;i=3035'

/** What is asked of every event, in this order. */
const fields: readonly string[] = (
  'EventType EventId ConditionId BranchId Time Severity Message Retain EnabledState.Id ActiveState.Id AckedState.Id ' +
  'AckedState.TransitionTime Comment Comment.SourceTimestamp ClientUserId Quality ConditionName'
).split(' ')

/** A server that is busy with a refresh for somebody else refuses the next one. */
const refreshAgainMs = 500
const mostRefreshes = 10
const queueSize = 1000

/** What of one condition may be acknowledged: the newest event, and those before it of the same occurrence. */
interface Unacknowledged {
  readonly newest: string
  readonly earlier: ReadonlySet<string>
  readonly active: boolean | null
}

/**
 * Alarms and conditions of one session: events in the order in which they came, a refresh at the beginning and whenever
 * the server asks for one, and acknowledgements.
 *
 * @see OPC 10000-9, 4.5 (synchronisation), 5.5.2 (ConditionType), 5.7.3 (Acknowledge)
 */
export class AlarmStream {
  readonly #link: Link
  readonly #clock: Clock
  readonly #listener: AlarmStreamListener
  readonly #unacknowledged = new Map<string, Unacknowledged>()
  /** Conditions told since the refresh began; null = none is under way. */
  #picture: Set<string> | null = null
  #subscriptionId = 0
  #stopped = false

  constructor(link: Link, clock: Clock, listener: AlarmStreamListener) {
    this.#link = link
    this.#clock = clock
    this.#listener = listener
  }

  /** What a monitored item must ask for, on the object that tells the events of the whole server. */
  get request() {
    return {
      itemToMonitor: { nodeId: standard.server, attributeId: AttributeIds.EventNotifier },
      requestedParameters: { samplingInterval: 0, queueSize, discardOldest: true, filter: eventFilter() },
    }
  }

  /** The events are on their way: what stands already is asked for. */
  begin(subscriptionId: number): void {
    this.#subscriptionId = subscriptionId
    this.#askForRefresh()
  }

  stop(): void {
    this.#stopped = true
  }

  hear(notification: EventNotificationList): void {
    let reports: AlarmReport[] = []
    const tell = (): void => {
      if (reports.length > 0) this.#listener.alarms(reports)
      reports = []
    }
    for (const event of notification.events ?? []) {
      const values = event.eventFields ?? []
      const type = String(valueAt(values, 'EventType'))
      if (type === refreshStart) this.#picture = new Set()
      else if (type === refreshEnd) {
        tell()
        this.#endRefresh()
      } else if (type === refreshRequired) this.#askForRefresh()
      else if (type === queueOverflow) {
        this.#listener.fault('alarm-queue-overflow', `more than ${queueSize} events between two publishes`)
        this.#askForRefresh()
      } else reports.push(...this.#reportOf(values))
    }
    tell()
  }

  /** @throws DomainError `conflict` when that state is gone, `forbidden` when the server refuses */
  async acknowledge(condition: string, handle: string, comment: string): Promise<void> {
    const known = this.#unacknowledged.get(condition)
    // Who acknowledged saw this alarm; that its severity or text changed since makes it no other alarm.
    const eventId = known?.earlier.has(handle) === true ? known.newest : handle
    const { session, namespaces } = this.#link
    const conditionId = getNodeId(condition, namespaces)
    const text = new LocalizedText({ text: comment })
    const status = await this.#link.ask(
      session.acknowledgeCondition(conditionId, Buffer.from(eventId, 'base64'), text),
      `acknowledging ${condition}`,
    )
    if (status.isGood() || status.equals(StatusCodes.BadConditionBranchAlreadyAcked)) return
    const details = { condition, status: status.name }
    if (status.equals(StatusCodes.BadEventIdUnknown)) {
      const message = `${condition} is no longer as it was when it was acknowledged: look at it again`
      throw new DomainError('conflict', 'opcua.alarm-changed', message, details)
    }
    const message = `the server refused to acknowledge ${condition}: ${status.name}`
    throw new DomainError('forbidden', 'opcua.acknowledgement-refused', message, details)
  }

  #reportOf(values: readonly Variant[]): AlarmReport[] {
    const conditionId: unknown = valueAt(values, 'ConditionId')
    const branchId: unknown = valueAt(values, 'BranchId')
    if (!(conditionId instanceof NodeId)) return []
    // An earlier state that still waits for its own acknowledgement: the condition itself tells how it stands.
    if (branchId instanceof NodeId && !branchId.isEmpty()) return []
    const condition = stableAddressOf(conditionId, this.#link.namespaces)
    this.#picture?.add(condition)
    const eventId: unknown = valueAt(values, 'EventId')
    const acknowledged = booleanAt(values, 'AckedState.Id')
    const handle = acknowledged === false && Buffer.isBuffer(eventId) ? eventId.toString('base64') : null
    this.#remember(condition, handle, activeOf(values))
    const severity: unknown = valueAt(values, 'Severity')
    return [
      {
        ...{ condition, active: activeOf(values), acknowledged, handle },
        severity: typeof severity === 'number' ? severity : null,
        message: textAt(values, 'Message') || textAt(values, 'ConditionName') || condition,
        comment: acknowledged === true ? commentOf(values) : '',
        at: this.#timeOf(values),
      },
    ]
  }

  #timeOf(values: readonly Variant[]): Instant {
    const times = [valueAt(values, 'Time')]
    // Some servers go on telling the time at which it was raised.
    if (booleanAt(values, 'AckedState.Id') === true) {
      times.push(valueAt(values, 'AckedState.TransitionTime'), valueAt(values, 'Comment.SourceTimestamp'))
    }
    const known = times.flatMap((time) => (time instanceof Date ? (instantOf(time, 0) ?? []) : []))
    return known.toSorted((a, b) => b - a)[0] ?? this.#clock.now()
  }

  #remember(condition: string, handle: string | null, active: boolean | null): void {
    if (handle === null) {
      this.#unacknowledged.delete(condition)
      return
    }
    const before = this.#unacknowledged.get(condition)
    const isAnew = before === undefined || (active === true && before.active === false)
    const earlier = isAnew ? [] : [...before.earlier, before.newest].slice(-100)
    this.#unacknowledged.set(condition, { newest: handle, earlier: new Set(earlier), active })
  }

  #endRefresh(): void {
    const picture = this.#picture
    this.#picture = null
    if (picture !== null) this.#listener.alarmsComplete([...picture])
  }

  #askForRefresh(): void {
    this.#refresh().catch((error: unknown) => {
      if (!this.#stopped) this.#listener.fault('alarm-refresh-refused', firstLineOf(error))
    })
  }

  async #refresh(): Promise<void> {
    for (let attempt = 1; !this.#stopped; attempt++) {
      const answer = await this.#link.ask(
        this.#link.session.call({
          ...{ objectId: standard.conditionType, methodId: standard.conditionRefresh },
          inputArguments: [{ dataType: DataType.UInt32, value: this.#subscriptionId }],
        }),
        'asking for the alarms that stand',
      )
      const status = answer.statusCode
      if (status.isGood()) return
      if (!status.equals(StatusCodes.BadRefreshInProgress) || attempt >= mostRefreshes) throw new Error(status.name)
      await delay(refreshAgainMs)
    }
  }
}

/** Conditions, and the events of a refresh; what else a server tells is none of our business. */
function eventFilter(): EventFilter {
  const { selectClauses } = constructEventFilter([...fields])
  const ofType = (type: NodeId) => ({
    filterOperator: FilterOperator.OfType,
    filterOperands: [new LiteralOperand({ value: { dataType: DataType.NodeId, value: type } })],
  })
  const either = {
    filterOperator: FilterOperator.Or,
    filterOperands: [new ElementOperand({ index: 1 }), new ElementOperand({ index: 2 })],
  }
  const elements = [either, ofType(standard.conditionType), ofType(standard.systemEventType)]
  return new EventFilter({ selectClauses, whereClause: new ContentFilter({ elements }) })
}

const valueAt = (values: readonly Variant[], field: string): unknown => values[fields.indexOf(field)]?.value

function booleanAt(values: readonly Variant[], field: string): boolean | null {
  const value = valueAt(values, field)
  return typeof value === 'boolean' ? value : null
}

function textAt(values: readonly Variant[], field: string): string {
  const value = valueAt(values, field)
  if (value instanceof LocalizedText) return value.text ?? ''
  return typeof value === 'string' ? value : ''
}

/** A condition that is switched off, or judged by a bad value, does not know; one without ActiveState stands while retained. */
function activeOf(values: readonly Variant[]): boolean | null {
  const quality: unknown = valueAt(values, 'Quality')
  const isBad =
    typeof quality === 'object' && quality !== null && 'value' in quality && Number(quality.value) >>> 31 === 1
  if (booleanAt(values, 'EnabledState.Id') === false || isBad) return null
  return booleanAt(values, 'ActiveState.Id') ?? booleanAt(values, 'Retain')
}

/** Who acknowledged at the machine, as far as it says, and with which words. */
function commentOf(values: readonly Variant[]): string {
  return [textAt(values, 'ClientUserId'), textAt(values, 'Comment')].filter((part) => part !== '').join(': ')
}
