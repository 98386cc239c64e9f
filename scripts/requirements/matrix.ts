import type { TitledTest } from './test-titles.ts'
import type { Evidence, Trace, TracedRequirement } from './trace.ts'

/** The matrix as a page: the same tree gives the same bytes, so it can be committed and compared. */
export function renderMatrix(trace: Trace): string {
  const { requirements, tests, problems } = trace
  const inForce = requirements.filter(({ requirement }) => requirement.state === 'in-force')
  const covered = inForce.filter(({ evidence }) => evidence.length > 0)
  const uncovered = inForce.filter(({ evidence }) => evidence.length === 0)
  const planned = requirements.flatMap(({ requirement }) => (requirement.state === 'planned' ? [requirement] : []))
  const procedures = requirements.flatMap(({ requirement }) => (requirement.state === 'procedure' ? [requirement] : []))
  return `${[
    '# Trace matrix',
    '',
    'Made by `npm run requirements` from the requirements beside this file and the titles of all tests: never edited.',
    'How to read it, and what its marks mean: [README.md](README.md).',
    '',
    '| requirements | in force | with a test | planned | met by procedure | tests that name one | problems |',
    '|---|---|---|---|---|---|---|',
    `| ${[requirements.length, inForce.length, covered.length, planned.length, procedures.length, tests.length, problems.length].join(' | ')} |`,
    '',
    '## From requirement to tests',
    ...covered.flatMap(section),
    '',
    '## From test to requirements',
    ...byFile(trace),
    '',
    '## In force without a test',
    '',
    ...orNone(uncovered.map(({ requirement }) => `- **${requirement.id}** ${requirement.statement}`)),
    '',
    '## Planned',
    '',
    '| id | statement | waits for |',
    '|---|---|---|',
    ...planned.map(({ id, statement, planned: why }) => row(id, statement, why)),
    '',
    '## Met by a procedure of the site',
    '',
    '| id | statement | what the site does |',
    '|---|---|---|',
    ...procedures.map(({ id, statement, procedure }) => row(id, statement, procedure)),
  ].join('\n')}\n`
}

function section({ requirement, evidence }: TracedRequirement): string[] {
  const { id, aliases, statement, source, risk, intendedUse } = requirement
  return [
    '',
    `### ${[id, ...aliases].join(' · ')}`,
    `${statement}  `,
    `*${source} · ${risk} risk · ${intendedUse} use*`,
    '',
    ...evidence.map((one) => `- ${marked(one)} (${one.test.file})`),
  ]
}

function byFile({ requirements, tests }: Trace): string[] {
  const ids = new Map<TitledTest, string[]>(tests.map((test) => [test, []]))
  for (const { requirement, evidence } of requirements) {
    for (const { test, challenge } of evidence) ids.get(test)?.push(`${requirement.id}${challenge ? '!' : ''}`)
  }
  const lines: string[] = []
  let file = ''
  for (const test of tests) {
    if (test.file !== file) lines.push('', `### ${test.file}`)
    file = test.file
    lines.push(`- ${escaped(test.title)} → ${[...new Set(ids.get(test))].join(', ')}`)
  }
  return lines
}

function marked({ test, challenge }: Evidence): string {
  const marks = [...(challenge ? ['challenge'] : []), ...(test.conditional ? ['only where its condition holds'] : [])]
  return `${escaped(test.title)}${marks.map((mark) => ` **${mark}**`).join('')}`
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => escaped(cell.replaceAll(/\s+/g, ' ').trim())).join(' | ')} |`
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? lines : ['None.']
}
