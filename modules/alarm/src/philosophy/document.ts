import type { Id, Instant } from '@throughline/kernel'
import type { AlarmDefinition, AlarmPhilosophy } from '@throughline/model'
import { AlarmSeverity, alarmDefinitionSignatures, TimeToRespond } from '@throughline/model'
import { Sheet } from '@throughline/platform'
import { behaviourWords, conditionWords, durationWords, percentWords, priorityNames, timeNames } from './words.ts'

/** All that the document says. */
export interface PhilosophyContents {
  readonly plant: string
  readonly philosophy: AlarmPhilosophy
  /** Released ones. */
  readonly definitions: readonly AlarmDefinition[]
  /** False when the reader may not see all alarms of the plant: then the document says so. */
  readonly isWholePlant: boolean
  readonly pathOf: (nodeId: Id<'EquipmentNode'>) => string
  /** Of a tag; '' when it is not known. */
  readonly unitOf: (tagId: Id<'Tag'>) => string
  readonly printedAt: Instant
  readonly timeText: (at: Instant) => string
}

/**
 * The alarm philosophy with the master alarm database (ISA-18.2 clauses 6 and 9) as an archivable PDF (PDF/A-3b), the same
 * as data attached.
 */
export async function philosophyDocument(contents: PhilosophyContents): Promise<Buffer> {
  const { plant, philosophy, definitions, printedAt } = contents
  const title = `Alarm philosophy of ${plant}`
  const version = `version ${philosophy.version}`
  const sheet = new Sheet({ title, subject: version, author: plant, producer: 'Throughline', at: printedAt })
  writeHead(sheet, title, contents)
  writePriorities(sheet, philosophy)
  writeRules(sheet)
  writeTargets(sheet, philosophy)
  writeDatabase(sheet, contents)
  const data = JSON.stringify({ plant, printedAt, philosophy, definitions }, null, 1)
  sheet.attach('alarm-philosophy.json', data, 'The philosophy and the master alarm database, as data')
  return await sheet.finish(`${title} · ${version}`)
}

function writeHead(sheet: Sheet, title: string, { philosophy, printedAt, timeText }: PhilosophyContents): void {
  const { version, recordedAt, recordedBy, reason, purpose } = philosophy
  sheet.heading(1, title)
  sheet.field('Version', String(version))
  sheet.field(
    'In force since',
    recordedAt === null ? 'the start: as delivered' : `${timeText(recordedAt)}, by ${recordedBy}`,
  )
  sheet.field('Reason', reason)
  sheet.field('Printed', timeText(printedAt))
  sheet.heading(2, 'Purpose')
  sheet.paragraph(purpose)
}

function writePriorities(sheet: Sheet, { matrix, maxShelfSeconds }: AlarmPhilosophy): void {
  sheet.heading(2, 'Priorities')
  sheet.paragraph(
    'The priority of an alarm follows from how bad its consequence is and how soon the response is needed.',
  )
  sheet.table(
    [
      { title: 'Consequence', share: 2 },
      ...TimeToRespond.options.map((time) => ({ title: timeNames[time], share: 2 })),
    ],
    AlarmSeverity.options.map((severity) => [
      severity,
      ...TimeToRespond.options.map((time) => priorityWords(matrix[severity][time])),
    ]),
  )
  sheet.paragraph('For how long an alarm may be shelved depends on its priority.')
  sheet.table(
    [
      { title: 'Priority', share: 1 },
      { title: 'Shelved for at most', share: 1 },
    ],
    ([1, 2, 3, 4] as const).map((priority) => [priorityWords(priority), durationWords(maxShelfSeconds[priority])]),
  )
}

function writeRules(sheet: Sheet): void {
  const steps = alarmDefinitionSignatures.steps.map(({ meaning }) => meaning).join(' and ')
  sheet.heading(2, 'Rules')
  for (const rule of [
    `Rationalisation: an alarm enters the master alarm database with its cause, consequence, response and time to respond. It makes alarms once its version is signed as ${steps}${alarmDefinitionSignatures.authorMaySign ? '' : ', not by its author'}; every later change is a new version with its reason.`,
    'Acknowledging says that somebody has seen the alarm. It does not end it: the process does.',
    'A latched alarm stays after the process is normal again, until it is reset.',
    'Shelving is for a limited time, with a reason; the alarm comes back by itself.',
    'Suppression by design follows the state of the plant. An alarm out of service stays listed until it is returned.',
    'What occurs while an alarm is shelved, suppressed or out of service is recorded and counted apart.',
    'A signal that is bad is no evidence that all is well: the alarm is then shown as unknown, and one that stood stays.',
  ]) {
    sheet.paragraph(`• ${rule}`)
  }
}

function writeTargets(sheet: Sheet, { targets }: AlarmPhilosophy): void {
  const { distribution } = targets
  const shares = ([1, 2, 3, 4] as const).map((priority) =>
    distribution[priority] === 0
      ? `${priorityWords(priority)}: counted apart`
      : `${priorityWords(priority)}: ${percentWords(distribution[priority])}`,
  )
  sheet.heading(2, 'Targets')
  sheet.table(
    [
      { title: 'Figure', share: 2 },
      { title: 'Target', share: 3 },
    ],
    [
      ['Alarms for an operator in 10 minutes, on average', `at most ${targets.perOperatorPer10Min}`],
      ['A flood', `${targets.floodPer10Min} alarms or more in 10 minutes, until fewer than half of it`],
      ['Ten-minute stretches in flood', `at most ${percentWords(targets.floodShare)}`],
      ['Stale: standing for longer than', `${targets.staleAfterHours} h: none`],
      ['Chattering: occurring within a minute', `${targets.chatteringPerMinute} times or more: none`],
      ['The ten most frequent alarms together', `at most ${percentWords(targets.topTenShare)} of all`],
      ['Priorities', shares.join(', ')],
    ],
  )
}

function writeDatabase(sheet: Sheet, contents: PhilosophyContents): void {
  const { definitions, isWholePlant, pathOf, unitOf, timeText } = contents
  sheet.heading(2, 'Master alarm database')
  if (!isWholePlant)
    sheet.paragraph('This lists the alarms that whoever printed it may see, not those of the whole plant.')
  if (definitions.length === 0) {
    sheet.paragraph('No alarm is released.')
    return
  }
  sheet.paragraph(`${definitions.length} released ${definitions.length === 1 ? 'alarm' : 'alarms'}, by name.`)
  sheet.table(
    [
      { title: 'Alarm', share: 6 },
      { title: 'Cause', share: 4 },
      { title: 'Consequence', share: 4 },
      { title: 'Response', share: 4 },
      { title: 'Time to respond', share: 2 },
    ],
    definitions.toSorted(byName).map((definition) => {
      const { name, version, priority, message, condition, tagId, nodeId, releasedAt } = definition
      const alarm = [
        `${name}, version ${version}, priority ${priority}`,
        message,
        pathOf(nodeId),
        conditionWords(condition, tagId === null ? '' : unitOf(tagId)),
        behaviourWords(definition),
        releasedAt === null ? '' : `released ${timeText(releasedAt)}`,
      ]
      const { cause, consequence, response, timeToRespond } = definition
      return [alarm.filter((part) => part !== '').join('\n'), cause, consequence, response, timeNames[timeToRespond]]
    }),
  )
}

const priorityWords = (priority: number): string => `${priority} ${priorityNames[priority] ?? ''}`.trimEnd()

const byName = (a: AlarmDefinition, b: AlarmDefinition): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
