import { newId } from '@throughline/kernel'
import type { Permission } from '@throughline/model'
import {
  applyModel,
  beginOutage,
  createNode,
  disqualifyEquipment,
  draftClass,
  endOutage,
  exportModel,
  getAgentConfiguration,
  getTag,
  listAssets,
  listCalibrations,
  listClasses,
  listCleaning,
  listConnections,
  listNodes,
  listOutages,
  listQualifiedEquipment,
  listTags,
  permissions,
  planModel,
  publishClass,
  qualifyEquipment,
  recordCalibration,
  registerAsset,
  setAssetState,
  setCleaningRule,
} from '@throughline/model'
import { nobody } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { startPlant } from './testing/start-plant.ts'

const plant = await startPlant(pino({ level: 'silent' }))
afterAll(() => plant.close())

const document = { format: 'yaml', text: 'nodes: []' }
const node = { parentId: null, level: 'enterprise', name: 'Aurora' }
const asset = { code: 'TW-1', kind: 'gauge', type: 'wrench', nodeId: null, needsCalibration: false, intervalDays: null }
const calibration = { assetId: newId(), at: 1, asFound: 'in-tolerance', asLeft: 'in-tolerance', certificate: 'C-1' }
const holds = { nodeId: newId(), cleanHoldSeconds: 60, dirtyHoldSeconds: null, reason: 'validated' }
const outage = { nodeId: newId(), reason: 'worn out' }
const signature = {
  ...{ meaning: 'approved', reason: 'surveyed', shown: null },
  proof: { method: 'password', name: 'quinn', password: 'correct horse battery' },
}
const qualified = { nodeId: newId(), process: 'CURING', validFrom: 1, evidence: 'survey 12', signature }
const cases = [
  { operation: listNodes, good: {}, broken: null },
  { operation: createNode, good: node, broken: { ...node, name: 'a/b' } },
  { operation: listClasses, good: {}, broken: [] },
  { operation: draftClass, good: { name: 'Pump', tags: [] }, broken: { name: 'Pump', tags: [{ name: 'a b' }] } },
  { operation: publishClass, good: { classId: newId() }, broken: { classId: 'Pump' } },
  { operation: listConnections, good: {}, broken: 'all' },
  { operation: listTags, good: {}, broken: { limit: 0 } },
  { operation: getTag, good: { tagId: newId() }, broken: { tagId: 'temperature' } },
  { operation: exportModel, good: { format: 'csv' }, broken: { format: 'xlsx' } },
  { operation: planModel, good: document, broken: { ...document, format: 'json' } },
  { operation: applyModel, good: document, broken: { format: 'yaml' } },
  { operation: listAssets, good: {}, broken: { kind: 'hammer' } },
  { operation: registerAsset, good: asset, broken: { ...asset, intervalDays: 0 } },
  {
    operation: setAssetState,
    good: { assetId: newId(), state: 'retired', reason: 'worn' },
    broken: { assetId: newId(), state: 'retired', reason: '' },
  },
  {
    operation: recordCalibration,
    good: { ...calibration, dueAt: null },
    broken: { ...calibration, asFound: 'good' },
  },
  { operation: listCalibrations, good: { assetId: newId() }, broken: { assetId: 'TW-1' } },
  { operation: listCleaning, good: {}, broken: { nodeId: 'PRESS-1' } },
  { operation: setCleaningRule, good: holds, broken: { ...holds, cleanHoldSeconds: -1 } },
  { operation: listOutages, good: {}, broken: { openOnly: 'yes' } },
  { operation: beginOutage, good: outage, broken: { ...outage, reason: '' } },
  { operation: endOutage, good: outage, broken: { ...outage, nodeId: 'PRESS-1' } },
  { operation: listQualifiedEquipment, good: {}, broken: { process: '' } },
  { operation: qualifyEquipment, good: qualified, broken: { ...qualified, evidence: '' } },
  {
    operation: disqualifyEquipment,
    good: { qualificationId: newId(), reason: 'survey failed' },
    broken: { qualificationId: newId(), reason: '' },
  },
  { operation: getAgentConfiguration, good: { agent: 'edge-1' }, broken: { agent: 'edge/1' } },
].map((each) => ({ ...each, name: each.operation.name }))

test('every operation of the module stands in the table below', () => {
  const mounted = plant.platform.operations().map(({ operation }) => operation.name)
  expect(cases.map((each) => each.name).sort()).toEqual(mounted.filter((name) => name.startsWith('equipment.')))
})

test.each(cases)('[SR-2.1!] $name is refused to whoever holds every permission but the right one', async (each) => {
  const others = permissions.filter((permission: Permission) => permission !== each.operation.permission)
  await expect(plant.platform.runByName(each.name, actorWith(others), each.good)).rejects.toMatchObject({
    kind: 'forbidden',
    code: 'platform.permission-missing',
  })
  await expect(plant.platform.runByName(each.name, nobody(null), each.good)).rejects.toMatchObject({
    kind: 'unauthenticated',
  })
})

test.each(cases)('[SR-3.5!] $name refuses a broken input and changes nothing', async (each) => {
  await expect(plant.platform.runByName(each.name, plant.system, each.broken)).rejects.toMatchObject({
    kind: 'invalid',
    code: 'platform.input-invalid',
  })
  expect(await plant.platform.run(listNodes, plant.system, {})).toEqual([])
  expect(await plant.platform.run(listClasses, plant.system, {})).toEqual([])
})
