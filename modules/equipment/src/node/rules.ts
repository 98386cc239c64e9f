import { DomainError } from '@throughline/kernel'
import type { EquipmentNode, NodeLevel } from '@throughline/model'

/**
 * What may stand directly below what. ISA-95 Part 1 (clause 5.3) names enterprise, site, area, work center and work
 * unit; ISA-88 adds equipment modules, which may hold equipment modules. A site is never skipped, because it carries the
 * time zone; area, work center and work unit may be, where a plant has no use for them.
 */
export const parentLevels: Readonly<Record<NodeLevel, readonly NodeLevel[]>> = {
  enterprise: [],
  site: ['enterprise'],
  area: ['site'],
  'work-center': ['area', 'site'],
  'work-unit': ['work-center', 'area'],
  'equipment-module': ['work-unit', 'work-center', 'equipment-module'],
}

/** What is wrong with a node of this level below that parent, and what to do; undefined = nothing. */
export function placeProblem(
  level: NodeLevel,
  parent: Pick<EquipmentNode, 'level' | 'path'> | null,
): string | undefined {
  const allowed = parentLevels[level]
  if (parent === null) {
    if (allowed.length === 0) return undefined
    return `only an enterprise stands at the top: put the ${level} below ${oneOf(allowed)}`
  }
  if (allowed.length === 0) return `an enterprise stands at the top: it cannot be below ${parent.path}`
  if (allowed.includes(parent.level)) return undefined
  return `${article(level)} cannot stand directly below ${parent.path}, ${article(parent.level)}: put it below ${oneOf(allowed)}`
}

/** What is wrong with the time zone of a node of this level, and what to do; undefined = nothing. */
export function timeZoneProblem(level: NodeLevel, timeZone: string | null): string | undefined {
  if (level !== 'site') {
    return timeZone === null ? undefined : `only a site has a time zone: leave it out of ${article(level)}`
  }
  if (timeZone === null) return 'a site needs its time zone: give an IANA name such as "Europe/Berlin"'
  if (isTimeZone(timeZone)) return undefined
  return `"${timeZone}" is no IANA time zone: give a name such as "Europe/Berlin"`
}

/** One level of a path is at most 60 characters and the hierarchy some ten levels deep; MQTT would take 65,535 bytes. */
const longestPath = 500

export function pathOf(parentPath: string | null, name: string): string {
  return (parentPath === null ? name : `${parentPath}/${name}`).toLowerCase()
}

export function pathProblem(path: string): string | undefined {
  return path.length <= longestPath ? undefined : `the path is longer than ${longestPath} characters: use shorter names`
}

/** @throws DomainError `invalid` with the problem, when there is one */
export function assertNoProblem(code: string, subject: string, problem: string | undefined): void {
  if (problem !== undefined) throw new DomainError('invalid', code, `${subject}: ${problem}`)
}

/** Offsets such as `+02:00` are refused: they know nothing of daylight saving. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const article = (level: NodeLevel): string => (/^[ae]/.test(level) ? `an ${level}` : `a ${level}`)
const oneOf = (levels: readonly NodeLevel[]): string => levels.map(article).join(' or ')
