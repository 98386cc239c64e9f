import { cleaningProblem, processProblem, usageProblem } from '@throughline/equipment'
import { standingOf } from '@throughline/identity'
import type { Instant } from '@throughline/kernel'
import { DomainError, toIso } from '@throughline/kernel'
import { checkIssuable } from '@throughline/material'
import type { Asset, Gate, GateKind, ProgramCheck } from '@throughline/model'
import type { LoadedProgram } from '../execution.ts'
import { holdText } from '../order/rules.ts'
import type { GateFacts } from './facts.ts'

type Found = Pick<Gate, 'kind' | 'open' | 'message' | 'subject'>
type Look = (facts: GateFacts) => readonly Found[]

/** What nobody's signature opens: another product's part is wrong whoever answers for it. */
const neverOverridden: ReadonlySet<GateKind> = new Set(['order-held', 'order-state', 'wrong-material', 'sequence'])

export const isOverridable = (kind: GateKind): boolean => !neverOverridden.has(kind)

/** Every gate that was looked at, open or closed, with what was found and what to do. */
export function evaluateGates(facts: GateFacts): Gate[] {
  return looks
    .flatMap((look) => look(facts))
    .map((found) => {
      const overridable = isOverridable(found.kind)
      const override = overridable && !found.open ? overrideOf(facts, found) : undefined
      return { ...found, open: found.open || override !== undefined, overridable, override: override?.id ?? null }
    })
}

const overrideOf = ({ overrides }: GateFacts, { kind, subject }: Found) =>
  overrides.find((each) => each.kind === kind && sameSubject(each.subject, subject))

/** Codes are read from labels and typed: case does not tell them apart. */
export const sameSubject = (a: string | null, b: string | null): boolean =>
  (a?.toLowerCase() ?? null) === (b?.toLowerCase() ?? null)

/** @throws DomainError naming every closed gate: `forbidden` where only the person is in the way, else `conflict` */
export function assertGatesOpen(what: string, gates: readonly Gate[]): void {
  const closed = gates.filter(({ open }) => !open)
  if (closed.length === 0) return
  const isPersons = closed.every(({ kind }) => kind === 'qualification' || kind === 'second-person')
  throw new DomainError(
    isPersons ? 'forbidden' : 'conflict',
    'execution.gate-closed',
    `${what}: ${closed.map(({ message }) => message).join('; ')}`,
    { gates: closed },
  )
}

/** `2026-11-22 08:00 UTC`. */
const timeText = (at: Instant): string => `${toIso(at).slice(0, 16).replace('T', ' ')} UTC`

const open = (kind: GateKind, message: string, subject: string | null = null): Found => ({
  kind,
  open: true,
  message,
  subject,
})
const closed = (kind: GateKind, message: string, subject: string | null = null): Found => ({
  kind,
  open: false,
  message,
  subject,
})

const orderState: Look = ({ order: { code, state } }) =>
  state === 'released' || state === 'running'
    ? [open('order-state', `${code} is ${state}`)]
    : [closed('order-state', `${code} is ${state}: only a released order is worked on`)]

const orderHeld: Look = ({ order: { code, holds } }) =>
  holds.length === 0
    ? [open('order-held', `${code} is not held`)]
    : holds.map((hold) =>
        closed('order-held', `${code} is ${holdText(hold)}: nothing of it goes on until that is settled`, hold.subject),
      )

const sequence: Look = ({ before, operation }) =>
  before.length === 0
    ? [open('sequence', `Everything before operation ${operation.sequence} is done`)]
    : before.map(({ sequence: at, name, codes }) =>
        closed(
          'sequence',
          `${listed(codes)} must first go through operation ${at} (${name}): complete that`,
          String(at),
        ),
      )

const instruction: Look = ({ operation, instruction: kept }) => {
  const code = operation.instruction
  if (code === null) return []
  if (kept?.effectiveAt != null) {
    return [open('instruction', `Instruction ${code} version ${kept.version}, as the order was released with`, code)]
  }
  return [
    closed('instruction', `The order was released without an effective instruction ${code}: ask its engineer`, code),
  ]
}

const qualification: Look = (facts) =>
  [...new Set(facts.operation.skills)].map((skill) => {
    const problem = qualificationProblem(facts, skill)
    return problem === undefined
      ? open('qualification', `${facts.person.name} is qualified for ${skill}`, skill)
      : closed('qualification', `${problem}: ask somebody who is qualified, or your supervisor`, skill)
  })

function qualificationProblem({ person, at }: GateFacts, skill: string): string | undefined {
  const { name, qualifications, worksBy } = person
  const standings = [null, ...worksBy].map((what) => standingOf(qualifications, skill, at, what))
  const standing = standings.find(({ state }) => state === 'held') ?? standings[0]
  switch (standing?.state) {
    case 'held':
      return undefined
    case 'expired':
      return `${name}'s qualification ${skill} ended${standing.by.validTo === null ? '' : ` ${timeText(standing.by.validTo)}`}`
    case 'revoked':
      return `${name}'s qualification ${skill} was revoked`
    case 'not-yet':
      return `${name}'s qualification ${skill} begins ${timeText(standing.by.validFrom)}`
    case 'elsewhere':
      return `${name} is qualified for ${skill} on ${standing.by.onlyFor}, and this is ${worksBy.join(', ')}`
    case 'missing':
    case undefined:
      return `${name} is not qualified for ${skill}`
  }
}

const equipmentState: Look = ({ equipment }) => {
  if (equipment === null) return []
  const { path, condition, outage } = equipment
  if (outage !== undefined) {
    const since = `${outage.path} is out of service since ${timeText(outage.since)}`
    return [closed('equipment-state', `${since}: ${outage.reason}. Take other equipment, or wait`, path)]
  }
  return condition.fit === false
    ? [closed('equipment-state', `${path}: ${condition.words}`, path)]
    : [open('equipment-state', `${path}: ${condition.words}`, path)]
}

/** A special process is done on equipment that is qualified for it, by the code of the skill that its people have. */
const equipmentQualification: Look = ({ equipment, operation, at }) => {
  const [process] = operation.skills
  if (!operation.specialProcess || equipment === null || process === undefined) return []
  const { path, qualified } = equipment
  const problem = processProblem(path, qualified, process, at, timeText)
  return [
    problem === undefined
      ? open('equipment-qualification', `${path} is qualified for ${process}`, path)
      : closed('equipment-qualification', problem, path),
  ]
}

const cleaning: Look = ({ equipment, operation, order, at }) => {
  if (!operation.needsCleaning || equipment === null) return []
  const { path, cleaning: status } = equipment
  // Begun clean and not left since: the next piece of the same order needs no cleaning in between.
  if (status.status === 'in-use' && status.lastUse === order.code) {
    return [open('cleaning', `${path} is in use for ${order.code}`, path)]
  }
  const problem = cleaningProblem(path, status, at, timeText)
  return [problem === undefined ? open('cleaning', `${path} is clean`, path) : closed('cleaning', problem, path)]
}

const tool: Look = ({ operation, scannedAssets, assets, at }) => [
  ...operation.tools.map((type) => {
    if (scannedAssets !== null) {
      const found = scannedAssets.find(({ asset }) => asset !== undefined && sameSubject(asset.type, type))
      return found === undefined
        ? closed('tool', `A ${type} is needed: scan it`, type)
        : open('tool', `${found.code} is a ${type}`, type)
    }
    const usable = assets.find(
      (asset) => sameSubject(asset.type, type) && usageProblem(asset, at, timeText) === undefined,
    )
    return usable === undefined
      ? closed('tool', `There is no ${type} that may be used: get one calibrated or registered`, type)
      : open('tool', `${usable.code} is a ${type} that may be used: scan it at the start`, type)
  }),
  ...(scannedAssets ?? [])
    .filter(({ asset }) => asset === undefined)
    .map(({ code }) =>
      closed('tool', `There is no tool or gauge ${code}: scan another one, or have it registered`, code),
    ),
]

const calibration: Look = ({ scannedAssets, at }) =>
  (scannedAssets ?? []).flatMap(({ asset }) => (asset === undefined ? [] : [calibrationOf(asset, at)]))

function calibrationOf(asset: Asset, at: Instant): Found {
  const problem = usageProblem(asset, at, timeText)
  if (problem !== undefined) return closed('calibration', problem, asset.code)
  const until = asset.calibrationDueAt === null ? '' : ` until ${timeText(asset.calibrationDueAt)}`
  return open('calibration', `${asset.code} may be used${until}`, asset.code)
}

const materialStatus: Look = ({ suspect }) =>
  suspect.length === 0
    ? [open('material-status', 'Nothing that is worked on, or went into it, is held')]
    : suspect.map(({ code, status, statusReason }) => {
        const state = status === 'quarantine' ? 'in quarantine' : status
        const because = statusReason === '' ? '' : ` (${statusReason})`
        return closed('material-status', `${code} is ${state}${because}: wait until quality has decided`, code)
      })

const scannedMaterial: Look = ({ scannedLots, at, operation }) =>
  scannedLots.flatMap(({ lot, fitting }) => {
    const { code, material } = lot
    const fits = fitting.some((each) => sameSubject(each, material))
    const wanted = fitting.length === 0 ? 'nothing is built in' : `${listed(fitting)} is built in`
    const problems = checkIssuable(lot, at).map(({ kind, message }) => closed(kind, message, code))
    return [
      fits
        ? open('wrong-material', `${code} is ${material}, as the bill of material says`, code)
        : closed('wrong-material', `${code} is ${material}: at operation ${operation.sequence} ${wanted}`, code),
      ...(problems.length === 0 ? [open('material-status', `${code} may be used`, code)] : problems),
    ]
  })

const unknownScan: Look = ({ unknownCodes }) =>
  unknownCodes.map((code) =>
    closed('wrong-material', `${code} is no lot, tool or gauge of this plant: scan again`, code),
  )

const program: Look = ({ operation, equipment }) => {
  const wanted = operation.program
  if (wanted === null || equipment === null) return []
  const { path, program: loaded } = equipment
  switch (verdictOn(wanted, loaded)) {
    case 'unknown': {
      const unknown = `It is not known which program ${path} has loaded: make sure that it is ${wanted.name}`
      return [open('program', unknown, wanted.name)]
    }
    case 'same':
      return [open('program', `${path} has loaded ${wanted.name}`, wanted.name)]
    case 'same-name':
      return [open('program', `${path} says that it has loaded ${wanted.name}, and not its text`, wanted.name)]
    case 'other': {
      const other =
        loaded?.name === wanted.name
          ? `another text under the name ${wanted.name}`
          : `${loaded?.name} instead of ${wanted.name}`
      return [closed('program', `${path} has loaded ${other}: load the released program`, wanted.name)]
    }
  }
}

/** Whether what a machine told that it has loaded is what was released. */
function verdictOn(wanted: ProgramCheck['expected'], loaded: LoadedProgram | undefined): ProgramCheck['verdict'] {
  if (loaded === undefined) return 'unknown'
  if (loaded.sha256 !== null) return loaded.sha256 === wanted.sha256 ? 'same' : 'other'
  return loaded.name === wanted.name ? 'same-name' : 'other'
}

/** What the gate found of the program, to be kept; null = none is released, or it is not decided where the work is done. */
export function programFound({ operation, equipment }: GateFacts): Omit<ProgramCheck, 'occasion' | 'at'> | null {
  const expected = operation.program
  if (expected === null || equipment === null) return null
  const { program: loaded } = equipment
  return { expected, loaded: loaded ?? null, verdict: verdictOn(expected, loaded) }
}

const looks: readonly Look[] = [
  orderState,
  orderHeld,
  sequence,
  instruction,
  qualification,
  equipmentState,
  equipmentQualification,
  cleaning,
  tool,
  calibration,
  materialStatus,
  scannedMaterial,
  unknownScan,
  program,
]

const listed = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
