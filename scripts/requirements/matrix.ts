import type { Evidence, Trace, TracedRequirement } from './trace.ts'

/** The matrix as a page: the same tree gives the same bytes, so it can be committed and compared. */
export function renderMatrix({ requirements, tests, problems }: Trace): string {
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
    ...byFile(requirements),
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

function byFile(requirements: readonly TracedRequirement[]): string[] {
  const lines = new Map<string, Map<Evidence['test'], string[]>>()
  for (const { requirement, evidence } of requirements) {
    for (const { test, challenge } of evidence) {
      const tests = lines.get(test.file) ?? new Map<Evidence['test'], string[]>()
      lines.set(test.file, tests.set(test, [...(tests.get(test) ?? []), `${requirement.id}${challenge ? '!' : ''}`]))
    }
  }
  const files = [...lines].sort(([a], [b]) => (a < b ? -1 : 1))
  return files.flatMap(([file, tests]) => [
    '',
    `### ${file}`,
    ...[...tests].map(([test, ids]) => `- ${escaped(test.title)} → ${[...new Set(ids)].join(', ')}`),
  ])
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
