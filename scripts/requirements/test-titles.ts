import ts from 'typescript'
import type { NamedId } from './title-ids.ts'
import { readTitle } from './title-ids.ts'

/** A test, or a group of tests, whose title names requirements. */
export interface TitledTest {
  readonly file: string
  readonly title: string
  readonly ids: readonly NamedId[]
  /** It runs only where its condition holds (`skipIf`, `runIf`). */
  readonly conditional: boolean
}

interface Found {
  readonly title: string
  readonly group: boolean
  readonly runs: boolean
  readonly conditional: boolean
}

const vitestNames: ReadonlySet<string> = new Set(['test', 'it', 'describe', 'suite'])
const neverRuns: ReadonlySet<string> = new Set(['skip', 'todo', 'fails'])
const conditions: ReadonlySet<string> = new Set(['skipIf', 'runIf'])
/** `test.each(table)` is not yet a test: what it answers is called with the title. */
const factories: ReadonlySet<string> = new Set(['each', 'for', 'skipIf', 'runIf', 'extend'])

/**
 * The tests of one file that name requirements, in the order in which they stand. A test counts when it runs and can
 * fail: not when it is skipped, to do, expected to fail or without a body; a group counts when one of its tests does.
 */
export function titledTests(file: string, source: string): TitledTest[] {
  const kind = file.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, kind)
  const names = importedNames(tree)
  const tests: TitledTest[] = []

  /** How many tests below this node run. */
  function visit(node: ts.Node, outer: Pick<Found, 'runs' | 'conditional'>): number {
    const found = ts.isCallExpression(node) ? readCall(node, names) : undefined
    if (found === undefined) return visitChildren(node, outer)
    const runs = outer.runs && found.runs
    const conditional = outer.conditional || found.conditional
    const place = tests.length
    const inside = visitChildren(node, { runs, conditional })
    const running = found.group ? inside : runs ? 1 : 0
    const { ids, text } = readTitle(found.title)
    if (running > 0 && ids.length > 0) tests.splice(place, 0, { file, title: text, ids, conditional })
    return running
  }
  function visitChildren(node: ts.Node, outer: Pick<Found, 'runs' | 'conditional'>): number {
    let running = 0
    ts.forEachChild(node, (child) => {
      running += visit(child, outer)
    })
    return running
  }

  visit(tree, { runs: true, conditional: false })
  return tests
}

/** What vitest's functions are called in this file; elsewhere a `test` is some other function. */
function importedNames(tree: ts.SourceFile): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const statement of tree.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue
    if (statement.moduleSpecifier.text !== 'vitest') continue
    const bindings = statement.importClause?.namedBindings
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue
    for (const { propertyName, name } of bindings.elements) {
      const imported = propertyName?.text ?? name.text
      if (vitestNames.has(imported)) names.set(name.text, imported)
    }
  }
  return names
}

function readCall(call: ts.CallExpression, names: ReadonlyMap<string, string>): Found | undefined {
  const modifiers: string[] = []
  let callee: ts.Expression = call.expression
  for (;;) {
    if (ts.isPropertyAccessExpression(callee)) {
      modifiers.push(callee.name.text)
      callee = callee.expression
    } else if (ts.isCallExpression(callee)) callee = callee.expression
    else if (ts.isTaggedTemplateExpression(callee)) callee = callee.tag
    else break
  }
  const name = ts.isIdentifier(callee) ? names.get(callee.text) : undefined
  if (name === undefined) return undefined
  const direct = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : undefined
  if (direct !== undefined && factories.has(direct)) return undefined
  const [first, ...rest] = call.arguments
  const title = first === undefined ? undefined : textOf(first)
  if (title === undefined) return undefined
  const group = name === 'describe' || name === 'suite'
  return {
    title,
    group,
    runs: !modifiers.some((word) => neverRuns.has(word)) && !rest.some(switchesOff) && (group || rest.some(hasBody)),
    conditional: modifiers.some((word) => conditions.has(word)),
  }
}

/** What is only known when the test runs. */
const unknown = '…'

/** The text of a title. */
function textOf(node: ts.Expression): string | undefined {
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression)
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => unknown + span.literal.text).join('')
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const left = textOf(node.left)
    return left === undefined ? undefined : left + (textOf(node.right) ?? unknown)
  }
  return undefined
}

/** `test(title, { skip: true }, …)` */
function switchesOff(argument: ts.Expression): boolean {
  return (
    ts.isObjectLiteralExpression(argument) &&
    argument.properties.some(
      (property) =>
        ts.isPropertyAssignment(property) &&
        ts.isIdentifier(property.name) &&
        neverRuns.has(property.name.text) &&
        property.initializer.kind !== ts.SyntaxKind.FalseKeyword,
    )
  )
}

function hasBody(argument: ts.Expression): boolean {
  if (ts.isObjectLiteralExpression(argument) || ts.isNumericLiteral(argument)) return false
  if (!ts.isArrowFunction(argument) && !ts.isFunctionExpression(argument)) return true
  return !ts.isBlock(argument.body) || argument.body.statements.length > 0
}
