import { parseArgs } from 'node:util'
import { DomainError, messageOf } from '@throughline/kernel'
import { compareAlarms } from './truth/alarms.ts'
import { compareGenealogy } from './truth/genealogy.ts'
import type { Comparison } from './truth/oee.ts'
import { compareOee, isOutside } from './truth/oee.ts'
import type { ComparedPlant } from './truth/plant.ts'
import { openPlant } from './truth/plant.ts'

/** `npm run truth -- oee|alarms|genealogy [--days N] [--home FOLDER] [--url URL]`: does the product tell what really happened? */
const compared = { oee: tellOee, alarms: tellAlarms, genealogy: tellGenealogy } as const
const shownWorst = 10
const shownWrong = 20

try {
  const { what, days, home, url } = readArguments()
  const plant = await openPlant({ home, url, days, holdKept: what === 'oee', people: what === 'genealogy' })
  const stop = (): void => {
    plant.close().then(
      () => process.exit(1),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  try {
    const isTrue = await compared[what](plant)
    if (!isTrue) process.exitCode = 1
  } finally {
    await plant.close()
  }
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}
process.exit()

async function tellOee(plant: ComparedPlant): Promise<boolean> {
  const all = await compareOee(plant, console.log)
  const worst = all.toSorted((a, b) => b.offPp - a.offPp)
  for (const each of worst.slice(0, shownWorst)) console.log(lineOf(each))
  const outside = all.filter(isOutside).length
  const worstPp = Math.round((worst[0]?.offPp ?? 0) * 1e4) / 1e4
  console.log(JSON.stringify({ truth: 'oee', checked: all.length, worstPp, outside }))
  return all.length > 0 && outside === 0
}

async function tellAlarms(plant: ComparedPlant): Promise<boolean> {
  const { lines, expected, met, falsePerDay } = await compareAlarms(plant, console.log)
  for (const line of lines) console.log(line)
  console.log(JSON.stringify({ truth: 'alarms', expected, met, falsePerDay }))
  return expected > 0 && met === expected
}

async function tellGenealogy(plant: ComparedPlant): Promise<boolean> {
  const client = () => plant.clientOf('aero-quality')
  const { precision, recall, edges, wrong } = await compareGenealogy({ client, truth: plant.people }, console.log)
  for (const line of wrong.slice(0, shownWrong)) console.log(line)
  if (wrong.length > shownWrong) console.log(`and ${wrong.length - shownWrong} more`)
  console.log(JSON.stringify({ truth: 'genealogy', precision, recall, edges }))
  return edges > 0 && precision === 1 && recall === 1 && wrong.length === 0
}

function lineOf({ what, kpi, truth, told, low, high, coverage, offPp }: Comparison): string {
  const shown = (value: number | null): string => (value === null ? 'none' : `${(100 * value).toFixed(3)} %`)
  const range = coverage !== null && coverage < 1 ? ` in [${shown(low)}, ${shown(high)}], ${shown(coverage)} known` : ''
  return `${offPp.toFixed(4).padStart(9)} pp  ${what} ${kpi}: told ${shown(told)}${range}, true ${shown(truth)}`
}

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { days: { type: 'string' }, home: { type: 'string' }, url: { type: 'string' } },
    allowPositionals: true,
  })
  const what = positionals[0]
  if (what !== 'oee' && what !== 'alarms' && what !== 'genealogy') {
    throw new DomainError(
      'invalid',
      'truth.unknown',
      'Say what is to be compared: npm run truth -- oee, alarms or genealogy',
    )
  }
  const days = Number(values.days ?? 30)
  if (!(days > 0 && days <= 60)) {
    throw new DomainError('invalid', 'truth.days-invalid', '--days is a number above 0 and at most 60')
  }
  return { what, days, home: values.home, url: values.url } as const
}
