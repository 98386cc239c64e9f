import { expect, test } from 'vitest'
import type { Plant } from './places.ts'
import { placeAround } from './places.ts'

const ways = ['w', 'w/a', 'w/a/cure', 'w/a/cure/oven-1', 'w/a/cure/oven-2', 'w/a/trim', 'w/a/trim/oven-3']
const nodes = ways.map((path) => {
  const parentId = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : null
  return { id: path, path, parentId, level: path === 'w/a' ? 'site' : 'unit' }
})
const plantOf = (ovens: readonly string[]) =>
  ({
    nodes: () => nodes,
    node: (id: string) => nodes.find((node) => node.id === id),
    nodeByPath: (path: string) => nodes.find((node) => node.path === path),
    classOf: (id: string) => (ovens.includes(id) ? 'Oven' : undefined),
  }) as unknown as Plant

test.each([
  ['the only oven', ['w/a/cure/oven-1'], null, 'w/a/cure/oven-1'],
  ['the room that holds both ovens', ['w/a/cure/oven-1', 'w/a/cure/oven-2'], null, 'w/a/cure'],
  ['the site, for ovens in two rooms', ['w/a/cure/oven-1', 'w/a/trim/oven-3'], null, 'w/a'],
  ['the site, where there is no oven', [], null, 'w/a'],
  ['the place that was named', [], 'w/a/trim', 'w/a/trim'],
] as const)('what is to be done somewhere concerns %s', (_, ovens, atPath, around) => {
  const atClass = atPath === null ? 'oven' : null
  expect(placeAround(plantOf(ovens), { siteId: 'w/a' as never, atPath, atClass })).toBe(around)
})
