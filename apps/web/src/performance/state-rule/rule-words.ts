import type { CounterSignal, MachineState, StateRule, StateSignal } from '@throughline/model'
import { MachineState as MachineStateSchema } from '@throughline/model'
import { formatDuration, formatNumber, machineStateWords } from '@throughline/ui'

/** What a rule reads, in words. */
export function signalText(signal: StateSignal): string {
  switch (signal.kind) {
    case 'packml':
      return `PackML state in ${signal.tag}`
    case 'mtconnect': {
      const beside = [signal.mode, signal.functionalMode].filter((tag) => tag !== null)
      return `MTConnect execution in ${signal.execution}${beside.length === 0 ? '' : `, with ${beside.join(' and ')}`}`
    }
    case 'values': {
      const parts = Object.entries(signal.states).map(([value, state]) => `${value} = ${machineStateWords[state]}`)
      return `${signal.tag}: ${parts.join(', ')}, else ${machineStateWords[signal.otherwise]}`
    }
    case 'bits': {
      const parts = signal.bits.map(({ tag, state }) => `${tag} = ${machineStateWords[state]}`)
      return `first that is true of ${parts.join(', ')}, else ${machineStateWords[signal.otherwise]}`
    }
    case 'counts':
      return `running while ${signal.tag} counts, idle after ${signal.cycles} ideal cycles without a count`
    case 'manual':
      return 'no signal: people tell'
  }
}

/** What a rule counts, in words. */
export function countersText(rule: Pick<StateRule, 'total' | 'good' | 'scrap' | 'rework'>): string {
  const parts = (['total', 'good', 'scrap', 'rework'] as const).flatMap((name) => {
    const counter = rule[name]
    return counter === null ? [] : [`${name} ${counterText(counter)}`]
  })
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}

const counterText = ({ tag, modulus }: CounterSignal): string =>
  modulus === null ? tag : `${tag} (back to 0 at ${modulus})`

/** A cycle to the digits that were given, a long one also as people say it: `17 280 s (4 h 48 min)`. */
export function cycleText(seconds: number): string {
  const decimals = Math.min(3, String(seconds).split('.')[1]?.length ?? 0)
  const text = `${formatNumber(seconds, decimals)}\u202fs`
  return seconds < 3600 ? text : `${text} (${secondsText(seconds)})`
}

export const secondsText = (seconds: number): string => formatDuration(seconds * 1000)

/** What is typed for values or bits, one a line: `3 = running`. */
export function linesOfStates(entries: readonly (readonly [string, MachineState])[]): string {
  return entries.map(([name, state]) => `${name} = ${state}`).join('\n')
}

/** Reads those lines in their order; `problem` names the first that can not be used. */
export function statesOfLines(lines: string): {
  entries: [string, MachineState][]
  problem: string | undefined
} {
  const entries: [string, MachineState][] = []
  for (const line of lines.split('\n')) {
    if (line.trim() === '') continue
    const match = /^\s*(\S.*?)\s*=\s*(\S+)\s*$/.exec(line)
    const state = MachineStateSchema.safeParse(match?.[2]?.toLowerCase())
    if (match === null || !state.success) {
      return { entries, problem: `"${line.trim()}" is no value and state, such as "3 = running".` }
    }
    entries.push([match[1] ?? '', state.data])
  }
  return { entries, problem: entries.length === 0 ? 'Give one value and its state at least.' : undefined }
}

/** The newest rule of each class, with the older ones behind it. */
export function byClass(rules: readonly StateRule[]): { newest: StateRule; older: StateRule[] }[] {
  const classes = new Map<string, StateRule[]>()
  for (const rule of rules) {
    const versions = classes.get(rule.className) ?? []
    versions.push(rule)
    classes.set(rule.className, versions)
  }
  return [...classes.values()].flatMap((versions) => {
    const [newest, ...older] = versions.toSorted((a, b) => b.version - a.version)
    return newest === undefined ? [] : [{ newest, older }]
  })
}
