import { setTimeout as pause } from 'node:timers/promises'
import type { Id } from '@throughline/kernel'
import { DomainError, fromMs } from '@throughline/kernel'
import type { OperationRun, Order } from '@throughline/model'
import {
  closeDeviation,
  closeOrder,
  completeRun,
  createOrder,
  endRecallDrill,
  getDeviation,
  getLot,
  getOrder,
  getRun,
  grantQualification,
  listDeviations,
  listNodes,
  listOrderRuns,
  moveLot,
  openDeviation,
  overrideGate,
  prepareSignature,
  qualifyEquipment,
  receiveLot,
  recordInspection,
  recordStep,
  releaseOrder,
  setLotStatus,
  signStep,
  splitLot,
  startRecallDrill,
  startRun,
  traceGenealogy,
  transformLot,
  verifyStep,
} from '@throughline/model'
import type { Act, Work } from './deed.ts'
import type { Gauges } from './gauges.ts'
import type { Person } from './person.ts'

/** What a deed is done with. */
export interface Hand {
  readonly person: Person
  readonly atMs: number
  /** The same for every repetition of one request. */
  readonly key: string
  readonly signal: AbortSignal
}

/** What quality decides of an order's deviations. */
type Settlement = Pick<Extract<Act, { kind: 'settle' }>, 'order' | 'conclusion' | 'disposition'>

const mostAsked = 60
const askEveryMs = 2000
const reasonOfSignature = 'As recorded'

/** Does deeds with the product: finds by labels what its operations name by ids. */
export class Doing {
  readonly #people: (name: string) => Person
  readonly #gauges: Gauges | undefined
  #nodes: ReadonlyMap<string, Id<'EquipmentNode'>> | undefined
  readonly #lots = new Map<string, Id<'Lot'>>()
  readonly #orders = new Map<string, Order>()
  readonly #runs = new Map<string, OperationRun[]>()

  constructor(people: (name: string) => Person, gauges: Gauges | undefined) {
    this.#gauges = gauges
    this.#people = people
  }

  async do(act: Act, hand: Hand): Promise<void> {
    const { person, key } = hand
    const at = fromMs(hand.atMs)
    const once = { idempotencyKey: key }
    switch (act.kind) {
      case 'receive': {
        const { lot: code, material, quantity, place, supplierLot, certificate, outForSeconds } = act
        const lot = await person.ask(
          receiveLot,
          {
            ...{ material, code, quantity, place, supplierLot, at, outLifeUsedSeconds: outForSeconds },
            nodeId: await this.#node(person, act.node),
            supplier: `${material} supplier`,
            certificate: certificate === null ? null : { number: certificate },
          },
          once,
        )
        this.#lots.set(code, lot.id)
        return
      }
      case 'move': {
        const { place, cold } = act
        const [lotId, nodeId] = [await this.#lot(person, act.lot), await this.#node(person, act.node)]
        await person.ask(moveLot, { lotId, nodeId, place, cold, at }, once)
        return
      }
      case 'split': {
        const parts = [{ code: act.part, quantity: act.quantity }]
        await person.ask(splitLot, { lotId: await this.#lot(person, act.lot), parts, at }, once)
        return
      }
      case 'transform': {
        const { quantity, material, made, into: code } = act
        const asked = { lotId: await this.#lot(person, act.lot), quantity, material, made, code, at }
        await person.ask(transformLot, { ...asked, reason: 'Packed' }, once)
        return
      }
      case 'order': {
        const { order: code, product, quantity, site } = act
        const content = { code, product, quantity: String(quantity), reference: 'simulated', at }
        this.#orders.set(
          code,
          await person.ask(createOrder, { ...content, siteId: await this.#node(person, site) }, once),
        )
        return
      }
      case 'release': {
        const { id: orderId, version } = await this.#order(person, act.order)
        const order = await person.ask(releaseOrder, { orderId, version, codes: [...act.pieces], at }, once)
        this.#orders.set(order.code, order)
        return
      }
      case 'start': {
        const [run, nodeId] = [await this.#run(person, act), await this.#node(person, act.node)]
        this.#keep(await person.ask(startRun, { runId: run.id, nodeId, tools: [...act.tools], at }, once))
        return
      }
      case 'record': {
        const { step, value, reason } = act
        const { id: runId } = await this.#run(person, act)
        const [piece] = act.pieces
        const subject = act.perPiece && piece !== undefined ? await this.#lot(person, piece) : null
        await person.ask(recordStep, { runId, step, subject, value, reason, at }, once)
        return
      }
      case 'verify':
        return await this.#verify(act, hand)
      case 'sign': {
        const { id: runId } = await this.#run(person, act)
        const signature = { meaning: 'performed', reason: reasonOfSignature, shown: null, proof: person.proof } as const
        await person.ask(signStep, { runId, step: act.step, signature }, once)
        return
      }
      case 'complete': {
        const { id: runId, version } = await this.#run(person, act)
        const run = await person.ask(completeRun, { runId, version, at }, once)
        this.#keep(run)
        return
      }
      case 'inspect': {
        const { as: kind, gauge, pieces, order: orderCode } = act
        const [piece = ''] = pieces
        if (await this.#tells(act, hand)) return
        const { id: runId } = await this.#run(person, act)
        const results = act.results.map((each) => ({ ...each, status: 'pass' as const }))
        await person.ask(recordInspection, { kind, piece, orderCode, runId, gauge, at, results }, once)
        return
      }
      case 'override': {
        const { gate: kind, subject, reason } = act
        const { id: runId } = await this.#run(person, act)
        const signature = { meaning: 'approved', reason, shown: null, proof: person.proof } as const
        await person.ask(overrideGate, { runId, kind, subject, reason, signature }, once)
        return
      }
      case 'report': {
        const { order: orderCode, title, description, about, severity } = act
        const said = { title, description, about, severity, at, orderCode, lots: [...act.lots] }
        await person.ask(openDeviation, { ...said, nodeId: await this.#node(person, act.node) }, once)
        return
      }
      case 'settle':
        await this.settle(person, act, key)
        return
      case 'close': {
        const { id: orderId, version } = await person.ask(getOrder, { code: act.order })
        await person.ask(closeOrder, { orderId, version }, once)
        this.#forget(act.order)
        return
      }
      case 'quarantine':
        return await this.#quarantine(act, hand)
      case 'qualify': {
        const { skill, fromMs: validFrom, toMs: validTo } = act
        const content = { skill, evidence: `Certificate ${act.person} ${skill}`, validFrom: fromMs(validFrom) }
        const personId = await this.#people(act.person).id()
        const ends = validTo === null ? null : fromMs(validTo)
        await person.ask(grantQualification, { ...content, personId, validTo: ends }, once)
        return
      }
      case 'qualify-equipment': {
        const { node, process, fromMs: validFrom } = act
        const content = { nodeId: await this.#node(person, node), process, evidence: `Survey of ${process}` }
        const signature = { meaning: 'approved', reason: reasonOfSignature, shown: null, proof: person.proof } as const
        await person.ask(qualifyEquipment, { ...content, validFrom: fromMs(validFrom), signature }, once)
        return
      }
    }
  }

  /** Closes every open deviation of an order, and others by their codes; answers how many there were. */
  async settle(
    person: Person,
    { order, conclusion, disposition = 'use-as-is' }: Settlement,
    key: string,
    others: readonly string[] = [],
  ): Promise<number> {
    const { id: orderId } = await this.#order(person, order)
    const { deviations: own } = await person.ask(listDeviations, { orderId, state: 'open' })
    const foreign = others.filter((code) => !own.some((each) => each.code === code))
    const named = await Promise.all(foreign.map((code) => person.ask(getDeviation, { code })))
    const deviations = [...own, ...named.filter(({ state }) => state === 'open')]
    for (const { id: deviationId, version } of deviations) {
      const { current: shown } = await person.ask(prepareSignature, {
        record: { kind: 'quality.deviation', id: deviationId },
      })
      const signature = { meaning: 'approved', reason: conclusion, shown, proof: person.proof } as const
      const closing = { deviationId, version, conclusion, disposition, signature } as const
      await person.ask(closeDeviation, closing, { idempotencyKey: `${key}/${deviationId}` })
    }
    return deviations.length
  }

  /** Reads a run anew the next time that it is needed. */
  forgetRuns(orderCode: string): void {
    this.#runs.delete(orderCode)
  }

  /** Whether the device told it by itself. */
  async #tells(act: Extract<Act, { kind: 'inspect' }>, { person, atMs }: Hand): Promise<boolean> {
    const { by, gauge, order, sequence: operation, results } = act
    const [serial] = act.pieces
    if (this.#gauges === undefined || by === null || gauge === null || serial === undefined) return false
    const { id: run } = await this.#run(person, act)
    const part = serial.slice(0, serial.lastIndexOf('-4'))
    const result = { serial, part, gauge, atMs, work: { order, operation, run }, results }
    if (by === 'torque-wrench') return await this.#gauges.torqued(result)
    this.#gauges.measured(result)
    return true
  }

  async #verify({ step, ...work }: Extract<Act, { kind: 'verify' }>, { person, key }: Hand): Promise<void> {
    const { id: runId } = await this.#run(person, work)
    const { entries } = await person.ask(getRun, { runId })
    const entry = entries.find((each) => each.step === step && each.replacedAt === null)
    if (entry === undefined) throw new DomainError('not-found', 'demo-plant.no-entry', `${step} is not recorded`)
    const record = { kind: 'execution.step_entry', id: entry.id }
    const { current: shown } = await person.ask(prepareSignature, { record })
    const signature = { meaning: 'verified', reason: reasonOfSignature, shown, proof: person.proof } as const
    await person.ask(verifyStep, { entryId: entry.id, signature }, { idempotencyKey: key })
  }

  /** By the genealogy: what was there in that time, and all that came of it and is still in the plant. */
  async #quarantine(act: Extract<Act, { kind: 'quarantine' }>, { person, key, signal }: Hand): Promise<void> {
    const { reason } = act
    const node = { kind: 'equipment' as const, id: await this.#node(person, act.node) }
    const window = { from: fromMs(act.fromMs), to: fromMs(act.toMs) }
    // The graph hears of work a moment later: quality asks until it says the same twice.
    for (let [before, tries] = [0, 0]; tries < mostAsked && !signal.aborted; tries += 1) {
      const { nodes } = await person.ask(traceGenealogy, { from: node, direction: 'forward', window })
      const lots = nodes.filter(({ kind }) => kind === 'lot').length
      if (lots > 0 && lots === before) break
      before = lots
      await pause(askEveryMs, undefined, { signal }).catch(() => undefined)
    }
    const drill = await person.ask(startRecallDrill, { from: { node, window }, reason }, { idempotencyKey: key })
    const reached = []
    for (const { lotId } of drill.affected) {
      const { version, status } = await person.ask(getLot, { lotId })
      if (status !== 'available' && status !== 'planned') continue
      const asked = { lotId, version, status: 'quarantine', reason } as const
      await person.ask(setLotStatus, asked, { idempotencyKey: `${key}/${lotId}` })
      reached.push(lotId)
    }
    const conclusion = `${reached.length} of ${drill.affected.length} lots were in the plant and are in quarantine`
    await person.ask(endRecallDrill, { drillId: drill.id, conclusion }, { idempotencyKey: `${key}/end` })
  }

  async #node(person: Person, path: string): Promise<Id<'EquipmentNode'>> {
    this.#nodes ??= new Map((await person.ask(listNodes, {})).map((node) => [node.path.toLowerCase(), node.id]))
    const id = this.#nodes.get(path)
    if (id === undefined) throw new DomainError('not-found', 'demo-plant.no-node', `The plant has no ${path}`)
    return id
  }

  async #lot(person: Person, code: string): Promise<Id<'Lot'>> {
    const known = this.#lots.get(code)
    if (known !== undefined) return known
    const { id } = await person.ask(getLot, { code })
    this.#lots.set(code, id)
    return id
  }

  async #order(person: Person, code: string): Promise<Order> {
    const known = this.#orders.get(code)
    if (known !== undefined) return known
    const order = await person.ask(getOrder, { code })
    this.#orders.set(code, order)
    return order
  }

  async #run(person: Person, { order, sequence, pieces }: Work): Promise<OperationRun> {
    const known = this.#runs.get(order)
    const runs = known ?? (await person.ask(listOrderRuns, { orderId: (await this.#order(person, order)).id }))
    if (known === undefined) this.#runs.set(order, runs)
    const [piece] = pieces
    const run = runs.find(
      (each) => each.sequence === sequence && (piece === undefined || each.subjectCodes.includes(piece)),
    )
    if (run !== undefined) return run
    throw new DomainError(
      'not-found',
      'demo-plant.no-run',
      `${order} has no operation ${sequence} for ${piece ?? 'it'}`,
    )
  }

  #keep(run: OperationRun): void {
    const runs = this.#runs.get(run.orderCode)
    if (runs !== undefined) this.#runs.set(run.orderCode, [...runs.filter(({ id }) => id !== run.id), run])
  }

  #forget(order: string): void {
    for (const run of this.#runs.get(order) ?? []) for (const code of run.subjectCodes) this.#lots.delete(code)
    this.#runs.delete(order)
    this.#orders.delete(order)
  }
}
