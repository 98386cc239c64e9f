import { DomainError } from '@throughline/kernel'
import { importOrders } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { ExecutionOptions } from '../execution.ts'
import { tellOrder } from '../run/settle.ts'
import { createOrders, orderable } from './create.ts'
import type { BadLine, OrderLine } from './csv.ts'
import { readOrderLines } from './csv.ts'
import { listTakenCodes } from './store.ts'

/** Orders from CSV: all of them, or none and every bad line named. What the plant knows already is left as it is. */
export function registerOrderImport(platform: Platform, { directory, orderPrefix = 'WO-' }: ExecutionOptions): void {
  const siteOf = (path: string) => {
    const node = directory.nodeByPath(path)
    return node?.level === 'site' ? node.id : undefined
  }

  platform.handle(importOrders, async (uow, { csv, dryRun }) => {
    const { lines, bad } = readOrderLines(csv, siteOf)
    const taken = await listTakenCodes(
      uow.trx,
      lines.flatMap(({ code }) => code ?? []),
    )
    const isKnown = ({ code }: OrderLine): boolean => code !== null && taken.has(code.toLowerCase())
    const fresh: (OrderLine & { unit: string })[] = []
    const worse: BadLine[] = [...bad]
    for (const line of lines.filter((each) => !isKnown(each))) {
      const answer = await orderable(uow, line)
      if ('problem' in answer) worse.push({ line: line.line, column: 'product', problem: answer.problem })
      else fresh.push({ ...line, ...answer })
    }
    assertNoBadLines(worse)
    const known = lines.filter(isKnown).flatMap(({ code }) => code ?? [])
    if (dryRun) return { created: [], wouldCreate: fresh.length, known }
    const created = await createOrders(
      uow,
      fresh.map(({ line: _, ...content }) => content),
      orderPrefix,
    )
    for (const order of created) tellOrder(uow, order)
    return { created, wouldCreate: created.length, known }
  })
}

function assertNoBadLines(bad: readonly BadLine[]): void {
  const lines = [...bad].sort((a, b) => a.line - b.line)
  const [first] = lines
  if (first === undefined) return
  const where = first.column === null ? `line ${first.line}` : `line ${first.line}, ${first.column}`
  const more = lines.length === 1 ? '' : `, and ${lines.length - 1} more`
  throw new DomainError(
    'invalid',
    'execution.import-invalid',
    `No order was created: ${where}: ${first.problem}${more}`,
    { lines },
  )
}
