import type { Instant } from '@throughline/kernel'
import { DomainError, toIso } from '@throughline/kernel'
import type { Logbook, LogbookEntry, LogbookField } from '@throughline/model'
import { isEnteredLate } from '@throughline/model'

/** A kind of entries with its fields. */
export type Form = Logbook['templates'][number]
type Values = LogbookEntry['values']

interface Problem {
  readonly path: string
  readonly message: string
}

/** How far the clock of a device may be ahead. */
const clockToleranceUs = 120_000_000

/** @throws DomainError `invalid` naming every form that nobody could fill in */
export function assertForms(name: string, forms: readonly Form[]): void {
  const problems = forms.flatMap(({ key, fields }, index) => [
    ...(forms.findIndex((each) => each.key === key) === index
      ? []
      : [{ path: `templates.${index}.key`, message: `two forms have the key ${key}: rename one` }]),
    ...fields.flatMap((field, at) => fieldProblems(fields, field, `templates.${index}.fields.${at}`, at)),
  ])
  const [first] = problems
  if (first === undefined) return
  throw new DomainError('invalid', 'execution.logbook-invalid', `${name}: ${first.message}`, { fields: problems })
}

function fieldProblems(
  fields: readonly LogbookField[],
  { key, type, options }: LogbookField,
  path: string,
  at: number,
): Problem[] {
  const twins = fields.findIndex((each) => each.key === key) !== at
  const choices = new Set(options).size
  return [
    ...(twins ? [{ path: `${path}.key`, message: `two fields have the key ${key}: rename one` }] : []),
    ...(type === 'choice' && (choices < 2 || choices < options.length)
      ? [{ path: `${path}.options`, message: `${key} needs at least two options, each once` }]
      : []),
    ...(type !== 'choice' && options.length > 0
      ? [{ path: `${path}.options`, message: `${key} asks for ${type} and has no options: make it a choice` }]
      : []),
  ]
}

/** @throws DomainError `invalid` when the book has no such form */
export function formOf({ name, templates }: Pick<Logbook, 'name' | 'templates'>, key: string): Form {
  const form = templates.find((each) => each.key === key)
  if (form !== undefined) return form
  const known = templates.map((each) => each.key).join(', ')
  throw new DomainError('invalid', 'execution.logbook-form-unknown', `${name} has no form ${key}: take ${known}`, {
    fields: [{ path: 'template', message: `take ${known}` }],
  })
}

/** @throws DomainError `invalid` naming every field that is not filled in as its form asks */
export function assertValues(form: Form, values: Values): void {
  const problems = [
    ...form.fields.flatMap((field) => valueProblem(field, values[field.key] ?? null)),
    ...Object.keys(values)
      .filter((key) => !form.fields.some((field) => field.key === key))
      .map((key) => ({ path: `values.${key}`, message: `${form.key} has no field ${key}: leave it out` })),
  ]
  if (problems.length === 0) return
  throw new DomainError('invalid', 'execution.logbook-values', problems.map(({ message }) => message).join('; '), {
    fields: problems,
  })
}

function valueProblem({ key, label, type, options, required }: LogbookField, value: Values[string]): Problem[] {
  const problem = (message: string): Problem[] => [
    { path: `values.${key}`, message: `${label['en'] ?? key}: ${message}` },
  ]
  if (value === null || value === '') return required ? problem('fill it in') : []
  switch (type) {
    case 'number':
      return typeof value === 'number' ? [] : problem(`${value} is no number`)
    case 'check':
      return typeof value === 'boolean' ? [] : problem('say yes or no')
    case 'choice':
      return options.includes(String(value)) ? [] : problem(`${value} is not among ${options.join(', ')}`)
    case 'text':
      return typeof value === 'string' ? [] : problem(`${value} is no text`)
  }
}

/** When it happened: as told, or now. @throws DomainError `invalid` for the future beyond the tolerance of a clock */
export function momentOf(told: Instant | null, now: Instant): Instant {
  if (told === null) return now
  if (told <= now + clockToleranceUs) return told
  throw new DomainError(
    'invalid',
    'execution.time-future',
    `${toIso(told)} lies in the future: set the clock of the device, or say when it happened`,
    { fields: [{ path: 'at', message: 'lies in the future' }] },
  )
}

/** @throws DomainError `invalid` when it is written late and nobody says why */
export function assertWhyLate(at: Instant, now: Instant, reason: string): void {
  if (!isEnteredLate({ at, recordedAt: now }) || reason.trim().length >= 3) return
  const message = `${toIso(at)} is more than a quarter of an hour ago: say in at least 3 characters why it is written only now`
  throw new DomainError('invalid', 'execution.late-reason-missing', message, { fields: [{ path: 'reason', message }] })
}

/**
 * Nobody reviews only their own entries, and nothing at all is no review.
 * @throws DomainError
 */
export function assertReviewable(name: string, entries: readonly Pick<LogbookEntry, 'by'>[], reviewer: string): void {
  if (entries.length === 0) {
    throw new DomainError('conflict', 'execution.logbook-nothing', `${name} has no entry in this time: choose another`)
  }
  if (entries.some(({ by }) => by.id !== reviewer)) return
  throw new DomainError(
    'forbidden',
    'execution.logbook-own',
    `All ${entries.length} entries of ${name} in this time are your own: somebody else reviews them`,
  )
}
