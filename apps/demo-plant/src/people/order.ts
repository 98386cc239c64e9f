import type { Disposition } from '@throughline/model'
import { day, hour, minute } from '../model/dynamics.ts'
import type { Random } from '../model/random.ts'
import type { Act, Deed, Measured, Refusal, Work } from './deed.ts'

/** Sequences of the brackets' routing, as the setup has them. */
const sequences = {
  ...{ cut: 10, layUp: 20, cure: 30, demould: 40, trim: 50, measure: 60, ndt: 70, assemble: 80, final: 90 },
} as const

export type Product = 'BRK-100' | 'BRK-200'
/** Metres of prepreg in a piece, and how much longer its lay-up takes. */
const makes: Readonly<Record<Product, { metres: number; longer: number }>> = {
  'BRK-100': { metres: 2.4, longer: 1 },
  'BRK-200': { metres: 3.6, longer: 1.3 },
}

export const composites = 'aurora/aero/composites'
const machining = 'aurora/aero/machining'
const paths = {
  cutter: `${composites}/cutting/cut-01`,
  autoclave: `${composites}/curing/aut-01`,
  layUp: `${composites}/lay-up`,
  measuring: `${machining}/inspection`,
  assembly: `${machining}/assembly`,
} as const

/** What somebody does wrong with this order. */
export type Mishap =
  /** Prepreg that was out of the freezer for too long is scanned at the lay-up. */
  | { readonly story: 'E06'; readonly lot: string }
  /** The laminator's certificate has ended. */
  | { readonly story: 'E07' }
  /** The torque wrench is not calibrated; a supervisor answers for it. */
  | { readonly story: 'E08' }
  /** Material of another kind is scanned at the lay-up. */
  | { readonly story: 'E13' | 'wrong-scan'; readonly lot: string }

export interface OrderPlan {
  readonly code: string
  readonly product: Product
  readonly pieces: readonly string[]
  /** The roll that its plies are cut from, and the lot of its inserts. */
  readonly roll: string
  readonly inserts: string
  readonly mishaps: readonly Mishap[]
  /** When its plies are to be cut, when it is in the autoclave, when it is demoulded and when it goes on, ms. */
  readonly releaseMs: number
  readonly cutMs: number
  readonly layUpMs: number
  readonly loadMs: number
  readonly demouldMs: number
  readonly machineMs: number
}

/** A place or person that does one thing at a time: the earliest time from which it is free. */
export class Free {
  readonly #until = new Map<string, number>()

  /** Takes it for so long, from then on or as soon as it is free. */
  take(what: string, fromMs: number, lastsMs: number): [number, number] {
    const begin = Math.max(fromMs, this.#until.get(what) ?? 0)
    this.#until.set(what, begin + lastsMs)
    return [begin, begin + lastsMs]
  }
}

/** Metres of prepreg for the whole order, as a decimal. */
export const metresOf = ({ product, pieces }: Pick<OrderPlan, 'product' | 'pieces'>): string =>
  decimal(makes[product].metres * pieces.length)
const decimal = (value: number): string => String(Math.round(value * 1000) / 1000)

/** Everything that people do for one order, from its release to its end. */
export function planOrder(plan: OrderPlan, random: Random, free: Free): Deed[] {
  const book = new Book(plan)
  book.by('aero-supervisor', plan.releaseMs, {
    ...{ kind: 'order', order: plan.code, site: 'aurora/aero', product: plan.product, quantity: plan.pieces.length },
  })
  const made = plan.pieces.map((code) => ({ type: 'lot', code, material: plan.product, order: plan.code }))
  const released: Act = { kind: 'release', order: plan.code, pieces: plan.pieces }
  book.by('aero-supervisor', plan.releaseMs + minute, released, made)
  cut(book, random, free)
  layUp(book, random, free)
  cure(book)
  const trimmed = trim(book, random, free)
  const measured = measure(book, random, free, trimmed)
  assemble(book, random, free, measured)
  return book.inOrder()
}

/** Deeds of an order as they come to mind; told by time. */
class Book {
  readonly plan: OrderPlan
  readonly #deeds: Deed[] = []

  constructor(plan: OrderPlan) {
    this.plan = plan
  }

  get kit(): string {
    return `KT-${this.plan.code.slice(3)}`
  }

  by(who: string, atMs: number, act: Act, truth: Deed['truth'] = []): void {
    this.#deeds.push({ atMs: Math.round(atMs), who, act, truth })
  }

  refused(who: string, atMs: number, act: Act, how: Refusal): void {
    this.#deeds.push({ atMs: Math.round(atMs), who, act, refused: how, truth: [] })
  }

  work(sequence: number, pieces: readonly string[] = []): Work {
    return { order: this.plan.code, sequence, pieces }
  }

  /** Sorted by time; what happens at one moment stays as it was said. */
  inOrder(): Deed[] {
    return this.#deeds.toSorted((a, b) => a.atMs - b.atMs)
  }
}

function cut(book: Book, random: Random, free: Free): void {
  const { plan, kit } = book
  const [begin, end] = free.take('CUT-01', plan.cutMs, random.between(8, 14) * minute)
  const work = book.work(sequences.cut)
  book.by('aero-cutter', begin, { kind: 'start', node: paths.cutter, tools: [], ...work })
  book.by('aero-cutter', end - minute, { kind: 'split', lot: plan.roll, part: kit, quantity: metresOf(plan) }, [
    { type: 'lot', code: kit, material: 'PPG-8552', order: plan.code },
    { type: 'edge', kind: 'split-into', from: plan.roll, to: kit },
  ])
  book.by('aero-cutter', end, { kind: 'complete', ...work })
}

function layUp(book: Book, random: Random, free: Free): void {
  const { plan } = book
  const mishaps = plan.mishaps.filter(({ story }) => story !== 'E08')
  plan.pieces.forEach((piece, index) => {
    const station = 1 + (index % 3)
    const lasts = random.triangular(35, 45, 70) * makes[plan.product].longer * minute
    const [begin, end] = free.take(`LAY-0${station}`, plan.layUpMs, lasts)
    const own = index === 0 ? mishaps : []
    layUpPiece(book, piece, { station, begin, end, mishaps: own }, random)
  })
}

interface AtStation {
  readonly station: number
  readonly begin: number
  readonly end: number
  readonly mishaps: readonly Mishap[]
}

function layUpPiece(book: Book, piece: string, { station, begin, end, mishaps }: AtStation, random: Random): void {
  const { kit, plan } = book
  const work = book.work(sequences.layUp, [piece])
  const node = `${paths.layUp}/lay-0${station}`
  const who = `aero-layup-${station}`
  const part = (share: number): number => begin + (end - begin) * share
  const start: Act = { kind: 'start', node, tools: [], ...work }
  if (mishaps.some(({ story }) => story === 'E07')) {
    const how = { story: 'E07', code: 'execution.gate-closed', gate: 'qualification', subject: 'LAYUP' } as const
    book.refused('aero-layup-4', begin - minute, start, how)
    report(book, begin - 0.7 * minute, {
      ...{ story: 'E07', who: 'aero-supervisor', node, severity: 'minor', lots: [], about: 'Qualification LAYUP' },
      title: 'Somebody without a valid certificate was put to the lay-up',
      description: 'The certificate of aero-layup-4 for LAYUP has ended. The station refused; another laminator began.',
      conclusion: 'Nothing was laid up by that person. The plan of the shift now asks for the qualifications first',
      disposition: 'no-product-affected',
    })
  }
  book.by(who, begin, start)
  const record = (at: number, step: string, value: Extract<Act, { kind: 'record' }>['value'], reason = ''): Act => {
    const act: Act = { kind: 'record', step, value, reason, perPiece: false, ...work }
    book.by(who, at, act)
    return act
  }
  record(part(0.02), 'prepare', { type: 'read' })
  record(part(0.08), 'mould', { type: 'check', done: true })
  for (const mishap of mishaps) {
    if (!('lot' in mishap)) continue
    const value = { type: 'scan', code: mishap.lot } as const
    const gate = mishap.story === 'E06' ? 'out-life' : 'wrong-material'
    const act: Act = { kind: 'record', step: 'prepreg', value, reason: '', perPiece: false, ...work }
    const how: Refusal = { story: mishap.story, code: 'execution.gate-closed', gate, subject: mishap.lot }
    book.refused(who, part(0.12), act, how)
    if (mishap.story !== 'E06') continue
    report(book, part(0.12) + 0.3 * minute, {
      ...{ story: 'E06', who, node, severity: 'major', lots: [mishap.lot], about: `Out-life of ${mishap.lot}` },
      title: 'Prepreg beyond its out-life was brought to the lay-up',
      description: `${mishap.lot} was out of the freezer for more than 240 h. The station refused it; nothing was cut from it.`,
      conclusion: 'The roll may not be used any more and is scrapped; no piece holds any of it',
      disposition: 'scrap',
    })
  }
  book.by(
    who,
    part(0.14),
    { kind: 'record', step: 'prepreg', value: { type: 'scan', code: kit }, reason: '', perPiece: false, ...work },
    [{ type: 'edge', kind: 'built-into', from: kit, to: piece }],
  )
  record(part(0.6), 'plies', { type: 'number', value: 12 })
  record(part(0.62), 'orientation', { type: 'choice', value: random.next() < 0.5 ? '0' : '45' })
  const debulked = Math.max(part(0.64) + 11 * minute, part(0.9))
  const fromUs = Math.round(debulked - random.between(10.2, 11) * minute) * 1000
  record(debulked, 'debulk', { type: 'timer', startedAt: fromUs, endedAt: Math.round(debulked) * 1000 })
  const isLeaking = random.next() < 0.03
  const lost = Math.round(isLeaking ? random.between(21, 30) : random.between(3, 17))
  const tested = debulked + 0.5 * minute
  const leak: Act = {
    ...{ kind: 'record', step: 'leak', value: { type: 'number', value: lost }, perPiece: false, ...work },
    reason: isLeaking ? 'Bag film creased at the corner; sealed again, and the loss fell' : '',
  }
  const breach = { type: 'deviation', story: 'leak', cause: 'limit-breach', order: plan.code }
  book.by(who, tested, leak, isLeaking ? [breach] : [])
  if (isLeaking) {
    const conclusion = 'The bag was sealed again before the cure; the loss afterwards lies within the limit'
    book.by('aero-quality', tested + 0.2 * minute, { kind: 'settle', order: plan.code, conclusion, waits: true })
  }
  book.by('aero-inspector', tested + 0.5 * minute, { kind: 'verify', step: 'leak', ...work })
  book.by(who, tested + minute, { kind: 'sign', step: 'done', ...work })
  book.by(who, tested + 1.5 * minute, { kind: 'complete', ...work })
}

interface Report {
  readonly story: string
  readonly who: string
  readonly node: string
  readonly severity: 'minor' | 'major'
  readonly title: string
  readonly description: string
  readonly about: string
  readonly lots: readonly string[]
  readonly conclusion: string
  readonly disposition: Disposition
}

/** What was refused is told to quality, who decides at once: the order waits meanwhile. */
function report(book: Book, at: number, { story, who, conclusion, disposition, ...said }: Report): void {
  const order = book.plan.code
  const opened = { type: 'deviation', story, cause: 'person', order }
  book.by(who, at, { kind: 'report', order, ...said }, [opened])
  book.by('aero-quality', at + 1000, { kind: 'settle', order, conclusion, disposition, waits: true })
}

/** The autoclave takes a load every six hours: it is closed after 25 min, and empty again after 5 h 50 min at most. */
function cure(book: Book): void {
  const { plan } = book
  const work = book.work(sequences.cure)
  book.by('aero-autoclave', plan.loadMs + 25 * minute, { kind: 'start', node: paths.autoclave, tools: [], ...work })
  book.by('aero-autoclave', plan.loadMs + 5.8 * hour, { kind: 'complete', ...work })
  const out = book.work(sequences.demould)
  book.by('aero-layup-1', plan.demouldMs, { kind: 'start', node: paths.layUp, tools: [], ...out })
  book.by('aero-layup-1', plan.demouldMs + 25 * minute, { kind: 'complete', ...out })
}

function trim(book: Book, random: Random, free: Free): number {
  const { plan } = book
  const cycle = plan.product === 'BRK-100' ? 6 : 8
  const ends = plan.pieces.map((piece, index) => {
    const machine = 1 + (index % 2)
    const lasts = (cycle + random.between(6, 10)) * minute
    const [begin, end] = free.take(`CNC-0${machine}`, plan.machineMs, lasts)
    const work = book.work(sequences.trim, [piece])
    const node = `${machining}/trim-drill/cnc-0${machine}`
    book.by('aero-machinist', begin, { kind: 'start', node, tools: [], ...work })
    book.by('aero-machinist', end, { kind: 'complete', ...work })
    return end
  })
  return Math.max(...ends)
}

const bore = (random: Random): Measured => ({
  ...{ characteristic: 'BORE-1.DIA', unit: 'mm', nominal: 12, low: 11.985, high: 12.015 },
  measured: Math.round((12 + Math.max(-0.012, Math.min(0.012, random.normal(0.003)))) * 10_000) / 10_000,
})

function measure(book: Book, random: Random, free: Free, fromMs: number): number {
  const { plan } = book
  const work = book.work(sequences.measure)
  const [begin, end] = free.take('CMM-01', fromMs + 10 * minute, plan.pieces.length * 8 * minute)
  book.by('aero-measurer', begin, { kind: 'start', node: paths.measuring, tools: [], ...work })
  plan.pieces.forEach((piece, index) => {
    const on = book.work(sequences.measure, [piece])
    const results = [bore(random), { ...bore(random), characteristic: 'BORE-2.DIA' }]
    const at = begin + (index + 0.8) * 8 * minute
    book.by('aero-measurer', at, {
      kind: 'inspect',
      as: 'in-process',
      gauge: 'CMM-01',
      by: 'measuring-machine',
      results,
      ...on,
    })
  })
  book.by('aero-measurer', end, { kind: 'complete', ...work })
  const heard = book.work(sequences.ndt)
  const [from, to] = free.take('NDT-01', end + 5 * minute, plan.pieces.length * 10 * minute)
  book.by('aero-measurer', from, { kind: 'start', node: paths.measuring, tools: [], ...heard })
  plan.pieces.forEach((piece, index) => {
    const on = book.work(sequences.ndt, [piece])
    const value = { type: 'choice', value: 'sound' } as const
    const at = from + (index + 0.9) * 10 * minute
    book.by('aero-measurer', at, { kind: 'record', step: 'call', value, reason: '', perPiece: true, ...on })
  })
  book.by('aero-measurer', to, { kind: 'complete', ...heard })
  return to
}

/** The torque wrenches of the assembly: one in calibration, and one that is not (E08). */
export const wrenches = { good: 'TRQ-01-W1', overdue: 'TRQ-01-W3' } as const

function assemble(book: Book, random: Random, free: Free, fromMs: number): void {
  const { plan } = book
  let last = fromMs
  plan.pieces.forEach((piece, index) => {
    const work = book.work(sequences.assemble, [piece])
    const [begin, end] = free.take('TRQ-01', fromMs + 5 * minute, random.between(9, 14) * minute)
    const isOverdue = index === 0 && plan.mishaps.some(({ story }) => story === 'E08')
    const tool = isOverdue ? wrenches.overdue : wrenches.good
    const start: Act = { kind: 'start', node: paths.assembly, tools: [tool], ...work }
    if (isOverdue) answerFor(book, work, start, begin)
    book.by('aero-assembler', begin, start)
    const note = { reason: '', perPiece: false, ...work }
    book.by(
      ...(['aero-assembler', begin + 2 * minute] as const),
      { kind: 'record', step: 'inserts', value: { type: 'scan', code: plan.inserts }, ...note },
      [{ type: 'edge', kind: 'built-into', from: plan.inserts, to: piece }],
    )
    const value = Math.round((24 + Math.max(-1.5, Math.min(1.5, random.normal(0.5)))) * 10) / 10
    book.by('aero-assembler', end - 2 * minute, {
      kind: 'record',
      step: 'torque',
      value: { type: 'number', value },
      ...note,
    })
    const tightened = {
      ...{ characteristic: 'INSERT.TORQUE', unit: 'N.m', nominal: 24, low: 22, high: 26, measured: value },
    }
    book.by('aero-assembler', end - 1.5 * minute, {
      ...{ kind: 'inspect', as: 'in-process', gauge: tool, by: 'torque-wrench', results: [tightened], ...work },
    })
    book.by('aero-assembler', end - minute, { kind: 'sign', step: 'done', ...work })
    book.by('aero-assembler', end, { kind: 'complete', ...work })
    last = Math.max(last, end)
  })
  finish(book, last)
}

/** E08: refused, answered for by signature, and a deviation that quality closes. */
function answerFor(book: Book, work: Work, start: Act, at: number): void {
  const subject = wrenches.overdue
  const how = { story: 'E08', code: 'execution.gate-closed', gate: 'calibration', subject } as const
  book.refused('aero-assembler', at - 4 * minute, start, how)
  const reason = 'The calibrated wrench is at the other line; this one was compared with it this morning'
  const opened = { type: 'deviation', story: 'E08', cause: 'gate-override', order: work.order }
  const override: Act = { kind: 'override', gate: 'calibration', subject, reason, ...work }
  book.by('aero-supervisor', at - 3 * minute, override, [opened])
  const conclusion = 'The wrench was compared with a calibrated one: the torque lies within its limits'
  book.by('aero-quality', at - 2 * minute, { kind: 'settle', order: work.order, conclusion, waits: true })
}

function finish(book: Book, fromMs: number): void {
  const { plan } = book
  const work = book.work(sequences.final)
  const begin = fromMs + 15 * minute
  book.by('aero-measurer', begin, { kind: 'start', node: paths.measuring, tools: [], ...work })
  plan.pieces.forEach((piece, index) => {
    const none = { unit: null, nominal: null, low: null, high: null, measured: null }
    const act: Act = {
      ...{ kind: 'inspect', as: 'final', gauge: null, by: null, results: [{ characteristic: 'VISUAL', ...none }] },
      ...book.work(sequences.final, [piece]),
    }
    book.by('aero-measurer', begin + (index + 1) * 3 * minute, act)
  })
  const end = begin + (plan.pieces.length + 2) * 3 * minute
  book.by('aero-measurer', end, { kind: 'complete', ...work })
  book.by('aero-quality', end + 9 * minute, {
    ...{ kind: 'settle', order: plan.code, waits: false },
    conclusion: 'The readings around it were looked at: the pieces are as drawn and approved',
  })
  book.by('aero-supervisor', end + 10 * minute, { kind: 'close', order: plan.code })
}

/** Orders begin on one day and end on the next: the latest that anything of a day can happen. */
export const longestMs = 3 * day
