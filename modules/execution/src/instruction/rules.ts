import { DomainError } from '@throughline/kernel'
import type { InstructionStep, StepType, WorkInstruction } from '@throughline/model'

export type InstructionContent = Pick<WorkInstruction, 'code' | 'title' | 'steps'>

/**
 * Whether an instruction can be followed: each step asks for something that can be answered, and a condition looks back
 * at a step before it.
 * @throws DomainError `invalid` (`execution.instruction-invalid`) naming every field that is wrong and what to do
 */
export function assertInstruction({ code, steps }: InstructionContent): void {
  const fields = steps.flatMap((step, index) =>
    [
      ...keyProblems(steps, index),
      ...askProblems(step.ask),
      ...conditionProblems(steps, index),
      ...personProblems(step),
    ].map(({ path, message }) => ({ path: `steps.${index}.${path}`, message: `step ${step.key}: ${message}` })),
  )
  const [first] = fields
  if (first === undefined) return
  const more = fields.length === 1 ? '' : `, and ${fields.length - 1} more`
  throw new DomainError(
    'invalid',
    'execution.instruction-invalid',
    `Work instruction ${code}: ${first.message}${more}`,
    { fields },
  )
}

interface Problem {
  readonly path: string
  readonly message: string
}
const problem = (path: string, message: string): Problem => ({ path, message })

function keyProblems(steps: readonly InstructionStep[], index: number): Problem[] {
  const found: Problem[] = []
  const { key, media } = steps[index] as InstructionStep
  if (steps.findIndex((each) => each.key === key) !== index) {
    found.push(problem('key', 'another step has this key: give each its own'))
  }
  media.forEach((each, at) => {
    if (each.kind === 'pdf-page' && each.page === null)
      found.push(problem(`media.${at}.page`, 'say which page is shown'))
  })
  return found
}

const crossed = (low: number | null, high: number | null): boolean => low !== null && high !== null && low > high

function askProblems(ask: StepType): Problem[] {
  const limits = (low: number | null, high: number | null, path: string): Problem[] =>
    crossed(low, high) ? [problem(path, `the lower limit ${low} lies above the upper one ${high}: exchange them`)] : []
  switch (ask.type) {
    case 'number':
    case 'tag':
      return limits(ask.low, ask.high, 'ask.low')
    case 'table': {
      const keys = ask.columns.map(({ key }) => key)
      return [
        ...ask.columns.flatMap(({ low, high }, at) => limits(low, high, `ask.columns.${at}.low`)),
        ...twin(keys).map((key) => problem('ask.columns', `two columns have the key ${key}: rename one`)),
      ]
    }
    case 'choice':
      return [
        ...twin(ask.options.map(({ value }) => value)).map((value) =>
          problem('ask.options', `two options have the value ${value}: rename one`),
        ),
        ...(ask.options.some(({ accepted }) => accepted)
          ? []
          : [problem('ask.options', 'no option is accepted: the step could never be passed')]),
      ]
    case 'scan':
      if (ask.expects === 'material' && ask.bomPosition === null) {
        return [problem('ask.bomPosition', 'say which position of the bill of material is scanned')]
      }
      return ask.expects === 'tool' && ask.assetType === null
        ? [problem('ask.assetType', 'say which type of tool is scanned')]
        : []
    case 'timer':
      return ask.atMostSeconds !== null && ask.atMostSeconds < ask.seconds
        ? [problem('ask.atMostSeconds', `at most ${ask.atMostSeconds} s is less than at least ${ask.seconds} s`)]
        : []
    default:
      return []
  }
}

const twin = (keys: readonly string[]): string[] => [
  ...new Set(keys.filter((key, index) => keys.indexOf(key) !== index)),
]

const measured = new Set<StepType['type']>(['number', 'tag', 'timer'])
const limited = new Set<StepType['type']>(['number', 'tag', 'table', 'choice'])

function conditionProblems(steps: readonly InstructionStep[], index: number): Problem[] {
  const { when } = steps[index] as InstructionStep
  if (when === null) return []
  const asked = steps.slice(0, index).find((each) => each.key === when.step)
  if (asked === undefined) {
    return [problem('when.step', `it depends on ${when.step}, which is no step before it: name an earlier one`)]
  }
  if (when.is === 'outside-limits') {
    return limited.has(asked.ask.type)
      ? []
      : [problem('when.is', `${when.step} asks for ${asked.ask.type}, which has no limits to be outside of`)]
  }
  if (when.value === null) return [problem('when.value', `say what the answer to ${when.step} is compared with`)]
  if (when.is === 'equal' || when.is === 'not-equal') return []
  return measured.has(asked.ask.type) && typeof when.value === 'number'
    ? []
    : [problem('when.is', `${when.step} asks for ${asked.ask.type}: only a number lies ${when.is} another number`)]
}

const personProblems = ({ verifierSkill, secondPerson }: InstructionStep): Problem[] =>
  verifierSkill !== null && !secondPerson
    ? [problem('verifierSkill', 'a skill of the second person needs a second person: say secondPerson')]
    : []
