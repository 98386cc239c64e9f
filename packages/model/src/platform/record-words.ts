import type { Instant } from '@throughline/kernel'
import { listOperations } from '../operation.ts'

/** Kinds of record that their table's name does not tell well enough. */
const nouns: Readonly<Record<string, string>> = {
  'alarm.definition': 'alarm definition',
  'alarm.machine_answer': 'answer of a machine to an acknowledgement',
  'alarm.philosophy': 'alarm philosophy',
  'alarm.release': 'release of an alarm definition',
  'alarm.roster': 'alarm roster',
  'alarm.transition': 'change of an alarm',
  'alarm.call': 'call for an alarm',
  'command.command': 'command to a machine',
  'document.document': 'document of a machine',
  'equipment.node': 'equipment node',
  'equipment.tag': 'tag',
  'equipment.class_version': 'equipment class',
  'equipment.connection': 'connection to devices',
  'equipment.outage': 'time out of service',
  'equipment.qualification': 'qualification of equipment',
  'equipment.revision': 'count of model changes',
  'execution.device_entry': 'entry that a station delivered',
  'execution.device_key': 'key of a station',
  'execution.device_person': 'person at a station',
  'execution.device_station': 'station of a device',
  'execution.gate_override': 'answer for a closed gate',
  'execution.instruction': 'work instruction',
  'execution.labour': 'work of a person on an operation',
  'execution.logbook_entry': 'entry of a logbook',
  'execution.logbook_review': 'review of a logbook',
  'execution.media': 'picture, video, page or model',
  'execution.order_hold': 'hold of an order',
  'execution.order_subject': 'piece of an order',
  'execution.release': 'release of a work definition or instruction',
  'execution.report': 'report of an operation',
  'execution.run': 'operation of an order',
  'execution.step_entry': 'entry of a step',
  'execution.step_signature': 'signature on a step',
  'historian.context_interval': 'context interval',
  'historian.retention': 'retention of samples',
  'historian.sample_correction': 'correction of a sample',
  'historian.source_mapping': 'mapping of a source',
  'identity.person': 'person',
  'identity.person_grant': 'role of a person',
  'identity.machine_account': 'machine account',
  'identity.machine_account_grant': 'role of a machine account',
  'identity.activation_link': 'one-time link',
  'identity.totp': 'authenticator app',
  'identity.pin': 'PIN',
  'identity.sign_in_policy': 'rules for signing in',
  'identity.signature': 'signature',
  'identity.outside_identity': 'identity at a provider',
  'identity.access_review_line': 'account under access review',
  'material.bom': 'bill of material',
  'material.definition': 'material',
  'material.lot': 'lot or serial',
  'material.movement': 'movement of material',
  'material.movement_line': 'amount of a movement',
  'material.release': 'release of a material or bill of material',
  'performance.andon_call': 'call for help',
  'performance.line_setting': 'order of a line',
  'performance.manual_state': 'machine state by hand',
  'performance.reason': 'reason of stops or scrap',
  'performance.shift_result': 'result of a shift',
  'performance.stop_comment': 'remark on a stop',
  'traceability.conformity': 'certificate of conformity',
  'traceability.reading_seal': 'seal on readings',
  'traceability.recall_drill': 'recall drill',
  'platform.audit_review': 'audit-trail review',
  'platform.audit_review_finding': 'finding of an audit-trail review',
}

/** Kinds of record that people look for in a trail, by what they are called. */
export const recordKinds: readonly string[] = [
  'alarm.definition',
  'alarm.philosophy',
  'alarm.roster',
  'alarm.transition',
  'command.command',
  'document.document',
  'equipment.class_version',
  'equipment.connection',
  'equipment.node',
  'equipment.tag',
  'execution.device_entry',
  'execution.gate_override',
  'execution.instruction',
  'execution.logbook',
  'execution.logbook_entry',
  'execution.order',
  'execution.run',
  'execution.step_entry',
  'execution.work_definition',
  'historian.context_interval',
  'historian.retention',
  'historian.sample_correction',
  'historian.source_mapping',
  'identity.access_review',
  'identity.badge',
  'identity.machine_account',
  'identity.passkey',
  'identity.person',
  'identity.sign_in_policy',
  'identity.signature',
  'identity.station',
  'identity.totp',
  'material.bom',
  'material.container',
  'material.definition',
  'material.lot',
  'material.movement',
  'material.weighing',
  'performance.andon_call',
  'performance.count_entry',
  'performance.manual_state',
  'performance.planned_stop',
  'performance.product_standard',
  'performance.reason',
  'performance.shift_result',
  'performance.state_rule',
  'performance.stop',
  'performance.work_calendar',
  'platform.audit_review',
].toSorted((a, b) => (recordNoun(a) < recordNoun(b) ? -1 : 1))

/** What a kind of record is called: `equipment.class_version` is an `equipment class`. */
export function recordNoun(kind: string): string {
  return nouns[kind] ?? kind.slice(kind.indexOf('.') + 1).replaceAll('_', ' ')
}

/** A column or member as people read it: `printed_name` is `printed name`, and the third of a list is `no. 3`. */
export function fieldWords(path: readonly (string | number)[]): string {
  return path.map((part) => (typeof part === 'number' ? `no. ${part + 1}` : columnWords(part))).join(' › ')
}

const columnWords = (column: string): string =>
  column
    .replaceAll(/[_-]/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/ id$/, '')

/** Instants are whole microseconds; from 2001 to 2255 they have sixteen digits, and no other number here does. */
const isInstant = (value: unknown): value is Instant =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1e15 && value < 9e15

/** A value as people read it: times as `timeText` writes them, what must not be read as the start of its fingerprint. */
export function valueText(value: unknown, timeText: (at: Instant) => string): string {
  if (value === null || value === undefined) return 'nothing'
  if (value === '') return 'an empty text'
  if (isInstant(value)) return timeText(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value.startsWith('sha256:') ? `hidden (${value.slice(7, 15)}…)` : value
  if (typeof value !== 'object') return String(value)
  const members = Object.entries(value).map(([key, member]) =>
    Array.isArray(value) ? valueText(member, timeText) : `${columnWords(key)}: ${valueText(member, timeText)}`,
  )
  if (members.length === 0) return Array.isArray(value) ? 'an empty list' : 'nothing'
  return Array.isArray(value) ? members.join(' · ') : `{ ${members.join(', ')} }`
}

/** What the product does by itself, without an operation that somebody could ask for. */
const ownDeeds: Readonly<Record<string, string>> = {
  'platform.migration.apply': 'brought the database up to this version of the product',
  'platform.server.start': 'started',
  'platform.server.stop': 'stopped',
  'alarm.alarm.record': 'recorded what happened to alarms',
  'alarm.alarm.expire-shelf': 'brought alarms back whose time on the shelf was over',
  'alarm.call.take': 'began to make calls',
  'alarm.call.conclude': 'noted what became of calls',
  'alarm.call.cancel': 'cancelled calls',
  'alarm.call.hold': 'held calls back for one summary',
  'alarm.call.recover': 'took up calls that a stop had interrupted',
  'performance.state.follow': 'followed what machines do',
  'performance.state.judge': 'judged machines anew',
  'performance.state.derive': 'worked out the past of a machine',
  'performance.shift-result.record': 'recorded results of shifts',
  'traceability.readings.seal': 'sealed the readings of an operation',
  'command.command.settle': 'noted what came of a command',
  'platform.clock.set': 'noticed that the server’s clock was set',
}

const irregular: Readonly<Record<string, string>> = {
  begin: 'began',
  bring: 'brought',
  cancel: 'cancelled',
  draft: 'drafted',
  end: 'ended',
  get: 'got',
  give: 'gave',
  let: 'let',
  make: 'made',
  prove: 'proved',
  put: 'put',
  reset: 'reset',
  say: 'said',
  set: 'set',
  show: 'looked at',
  sign: 'signed',
  split: 'split',
  stop: 'stopped',
  take: 'took',
  tell: 'looked at',
  write: 'wrote',
  list: 'listed',
  map: 'mapped',
  plan: 'planned',
}

const ownWords: Readonly<Record<string, string>> = {
  my: 'their',
  mine: 'theirs',
  your: 'their',
  myself: 'themselves',
  me: 'them',
  you: 'they',
}

/**
 * What somebody did, in the past, to stand behind their name: `equipment.class.publish` is `published a draft`. An
 * operation that this program does not know keeps its name.
 */
export function deedWords(operation: string): string {
  const own = ownDeeds[operation]
  if (own !== undefined) return own
  const [subscriber, event] = operation.split(' on ')
  if (event !== undefined) return `reacted to ${plain(event)} (${plain(subscriber ?? '')})`
  const summary = summaries().get(operation)
  if (summary === undefined) return `did ${plain(operation)}`
  const { verb, rest } = sentenceOf(summary)
  return `${past(verb)}${rest}`
}

/** What somebody tried, to stand behind `was refused to` or `tried to`. */
export function attemptWords(operation: string): string {
  const summary = summaries().get(operation)
  if (summary === undefined) return `do ${plain(operation)}`
  const { verb, rest } = sentenceOf(summary)
  return `${verb}${rest}`
}

/** Of an operation's summary the part before what explains it, said of somebody else. */
function sentenceOf(summary: string): { verb: string; rest: string } {
  const [verb = '', ...rest] = (summary.split(/[:;,]/)[0] ?? summary).split(' ')
  const words = rest.join(' ').replace('I am', 'they are').split(' ')
  return { verb: verb.toLowerCase(), rest: words.map((word) => word && ` ${ownWords[word] ?? word}`).join('') }
}

function past(verb: string): string {
  const known = irregular[verb]
  if (known !== undefined) return known
  if (verb.endsWith('e')) return `${verb}d`
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ied` : `${verb}ed`
}

const plain = (name: string): string => name.replaceAll(/[._-]/g, ' ')

let known: Map<string, string> | undefined

/** Operations are all defined while the program is loaded, before anybody asks for words. */
function summaries(): ReadonlyMap<string, string> {
  known ??= new Map(listOperations().map(({ name, summary }) => [name, summary]))
  return known
}
