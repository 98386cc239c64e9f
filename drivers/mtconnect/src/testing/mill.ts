import type { AgentDevice } from '../agent/device.ts'

/** A milling machine as tests need it. */
export const mill: AgentDevice = {
  ...{ id: 'mill', uuid: 'mill-0001', name: 'MILL-1', description: 'A milling machine' },
  items: [
    { id: 'mill_avail', name: 'avail', category: 'EVENT', type: 'AVAILABILITY' },
    { id: 'mill_asset_chg', name: 'asset_chg', category: 'EVENT', type: 'ASSET_CHANGED' },
    { id: 'mill_asset_rem', name: 'asset_rem', category: 'EVENT', type: 'ASSET_REMOVED' },
  ],
  components: [
    {
      ...{ kind: 'Axes', id: 'mill_axes', items: [] },
      components: [
        {
          ...{ kind: 'Linear', id: 'mill_x', name: 'X' },
          items: [{ id: 'mill_Xload', name: 'Xload', category: 'SAMPLE', type: 'LOAD', units: 'PERCENT' }],
        },
        {
          ...{ kind: 'Rotary', id: 'mill_s', name: 'S' },
          items: [{ id: 'mill_Sload', name: 'Sload', category: 'SAMPLE', type: 'LOAD', units: 'PERCENT' }],
        },
      ],
    },
    {
      ...{ kind: 'Controller', id: 'mill_ctrl' },
      items: [{ id: 'mill_system', name: 'system', category: 'CONDITION', type: 'SYSTEM' }],
      components: [
        {
          ...{ kind: 'Path', id: 'mill_path' },
          items: [
            { id: 'mill_exec', name: 'execution', category: 'EVENT', type: 'EXECUTION' },
            { id: 'mill_pgm', name: 'program', category: 'EVENT', type: 'PROGRAM' },
            { id: 'mill_pc', name: 'parts', category: 'EVENT', type: 'PART_COUNT', subType: 'ALL' },
          ],
        },
      ],
    },
  ],
}
