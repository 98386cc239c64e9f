import type { Tag } from '@throughline/model'
import { signalTags } from '../state/rules.ts'
import type { Machine } from '../state-rule/machines.ts'
import type { WatchedTags } from './samples.ts'

/** The tags of a machine that any version of its rule names; one that the machine does not have is left out. */
export function tagsOf({ nodeId, rules }: Machine, tags: readonly Tag[]): WatchedTags {
  const named = (pick: (rule: Machine['rules'][number]) => (string | null | undefined)[]): string[] =>
    rules.flatMap(pick).filter((name) => name !== null && name !== undefined)
  const names = new Set([
    ...named(({ total, good, scrap, rework }) => [total?.tag, good?.tag, scrap?.tag, rework?.tag]),
    ...named(({ signal, reasonTag }) => [...signalTags(signal), reasonTag]),
    ...named(({ productTag, orderTag }) => [productTag, orderTag]),
  ])
  const own = new Map(tags.filter((tag) => tag.nodeId === nodeId).map((tag) => [tag.name, tag.id]))
  return new Map([...names].flatMap((name) => (own.has(name) ? [[own.get(name) as Tag['id'], name]] : [])))
}
