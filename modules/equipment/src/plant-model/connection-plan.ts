import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Blueprint } from './blueprint.ts'
import { differenceOf } from './blueprint.ts'
import type { ConnectionEntry, ModelDocument } from './document.ts'

export function planConnections(blueprint: Blueprint, document: ModelDocument, at: Instant): void {
  const seen = new Map<string, number>()
  for (const entry of document.connections) {
    const key = entry.value.name.toLowerCase()
    const line = entry.lineOf('name')
    const problem = nameProblem(blueprint, entry.value.name, seen.get(key))
    seen.set(key, seen.get(key) ?? line)
    if (problem === undefined) planConnection(blueprint, entry.value, at)
    else {
      document.broken.connections.add(key)
      blueprint.badRows.push({ line, where: `connection ${entry.value.name}`, problem })
    }
  }
}

function nameProblem(blueprint: Blueprint, name: string, earlierLine: number | undefined): string | undefined {
  if (earlierLine !== undefined) return `a connection of this name stands on line ${earlierLine} already: remove one`
  const existing = blueprint.connections.get(name.toLowerCase())
  if (existing === undefined || existing.name === name) return undefined
  return `the plant has a connection ${existing.name}: write it the same way`
}

function planConnection(blueprint: Blueprint, entry: ConnectionEntry, at: Instant): void {
  const key = entry.name.toLowerCase()
  const existing = blueprint.connections.get(key)
  const { name, ...fields } = entry
  if (existing === undefined) {
    const made = { ...entry, id: newId<'Connection'>(at) }
    blueprint.connections.set(key, made)
    blueprint.writes.newConnections.push(made)
    blueprint.changes.push({ action: 'create', kind: 'connection', name, before: {}, after: fields })
    return
  }
  const difference = differenceOf(existing, fields)
  if (difference === undefined) return
  const changed = { ...existing, ...entry }
  blueprint.connections.set(key, changed)
  blueprint.writes.changedConnections.push(changed)
  blueprint.changes.push({ action: 'update', kind: 'connection', name, ...difference })
}
