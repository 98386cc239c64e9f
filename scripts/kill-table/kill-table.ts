import { readTitle } from '../requirements/title-ids.ts'
import type { Control } from './control.ts'
import type { TestedFile } from './run-tests.ts'
import { runTests } from './run-tests.ts'

export interface Outcome {
  readonly control: Control
  /** Titles of the tests that name one of its requirements and failed without it. */
  readonly killedBy: readonly string[]
  /** How many other tests failed as well. */
  readonly othersFailed: number
  /** Why it is not killed; empty when it is. */
  readonly problem: string
}

/** Switches each control off in turn and asks the tests; first all of these tests must pass with everything in place. */
export async function killTable(
  root: string,
  controls: readonly Control[],
  tell: (line: string) => void,
): Promise<Outcome[]> {
  const files = [...new Set(controls.flatMap(({ tests }) => tests))].sort()
  if (files.length === 0) return controls.map((control) => survivor(control, 'it lists no test file'))
  tell(`${files.length} test files with every control in place …`)
  const before = await runTests(root, files, null)
  const outcomes: Outcome[] = []
  for (const control of controls) {
    const problem = unfit(control, before)
    if (problem !== '') {
      outcomes.push(survivor(control, problem))
      continue
    }
    tell(`without ${control.id} …`)
    outcomes.push(judge(control, await runTests(root, control.tests, control.id)))
  }
  return outcomes
}

/** What keeps the tests of a control from telling anything; empty when nothing does. */
function unfit({ tests, requirements }: Control, before: readonly TestedFile[]): string {
  if (tests.length === 0) return 'it lists no test file'
  const ran = before.filter(({ file }) => tests.includes(file))
  const absent = tests.filter((file) => !ran.some((one) => one.file === file))
  if (absent.length > 0) return `no such test file ran: ${absent.join(', ')}`
  const broken = ran.filter(({ passed }) => !passed)
  if (broken.length > 0) return `fails with every control in place: ${broken.map(({ file }) => file).join(', ')}`
  const named = ran.some((one) => one.tests.some(({ titles }) => names(titles, requirements)))
  return named ? '' : `no test of these files names ${requirements.join(' or ')}`
}

function judge(control: Control, after: readonly TestedFile[]): Outcome {
  const failed = after.flatMap(({ tests }) => tests.filter(({ status }) => status === 'failed'))
  const telling = failed.filter(({ titles }) => names(titles, control.requirements))
  if (telling.length > 0) {
    const killedBy = telling.map(({ titles }) => titles.join(' > '))
    return { control, killedBy, othersFailed: failed.length - telling.length, problem: '' }
  }
  // A file that cannot even be loaded tells nothing of the control.
  const trouble = after.find((one) => one.trouble !== '')
  if (trouble !== undefined) return survivor(control, `${trouble.file} did not run: ${trouble.trouble.split('\n')[0]}`)
  const others = failed.length === 0 ? 'every test passes without it' : `${failed.length} other tests fail without it`
  return {
    ...survivor(control, `${others}, none that names ${control.requirements.join(' or ')}`),
    othersFailed: failed.length,
  }
}

function names(titles: readonly string[], requirements: readonly string[]): boolean {
  return titles.some((title) => readTitle(title).ids.some(({ id }) => requirements.includes(id)))
}

function survivor(control: Control, problem: string): Outcome {
  return { control, killedBy: [], othersFailed: 0, problem }
}

const namedAtMost = 3

const othersText = (count: number): string[] => (count > 0 ? [`            and ${count} other tests`] : [])

/** The table for people, a line for each control and one for each test that killed it. */
export function renderKillTable(outcomes: readonly Outcome[]): string {
  return outcomes
    .flatMap(({ control, killedBy, othersFailed, problem }) => [
      `${problem === '' ? 'killed  ' : 'SURVIVES'}  ${control.id}  ${control.name}  [${control.requirements.join(', ')}]`,
      ...(problem === '' ? [] : [`            ${problem}`]),
      ...killedBy.slice(0, namedAtMost).map((title) => `            by ${title}`),
      ...othersText(Math.max(0, killedBy.length - namedAtMost) + (problem === '' ? othersFailed : 0)),
    ])
    .join('\n')
}
