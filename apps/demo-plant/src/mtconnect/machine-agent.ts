import type { AgentComponent, AgentDataItem, AgentDevice, ConditionState } from '@throughline/driver-mtconnect'
import { MtConnectAgent } from '@throughline/driver-mtconnect'
import type { Clock, Instant } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'
import type { LiveChange } from '../live-values.ts'
import type { Asset } from '../model/asset.ts'
import { machiningAlarms } from '../model/machining.ts'
import type { ModelValue, TagDefinition } from '../model/tag-definition.ts'
import { toolLife } from '../model/tool.ts'
import type { PlantTag } from '../plant/assets.ts'
import { tagsOf } from '../plant/assets.ts'
import type { DataItemOf } from '../plant/data-items.ts'
import { dataItemId, dataItemOf } from '../plant/data-items.ts'

const own = tagsOf('mtconnect')
const machines: readonly Asset[] = [...new Set(own.map((tag) => tag.asset))]
const byIndex = new Map(own.map((tag) => [tag.index, tag]))

/** The machine tools of the plant behind one MTConnect agent. */
export class MachineAgent {
  readonly #agent: MtConnectAgent
  /** Newest value by machine and tag: a condition and an asset tell several at once. */
  readonly #values = new Map<string, ModelValue>()

  constructor(port: number, clock: Clock) {
    const devices = machines.map(deviceOf)
    this.#agent = new MtConnectAgent({ devices, clock, port, bufferSize: 8192, sender: 'aurora' })
    for (const { id } of devices) this.#agent.set(`${id}-avail`, 'AVAILABLE', clock.now())
  }

  get endpoint(): string {
    return this.#agent.endpoint
  }

  /** @throws DomainError `conflict` when the port is taken */
  async start(): Promise<void> {
    await this.#agent.listen()
  }

  async stop(): Promise<void> {
    await this.#agent.stop()
  }

  /** Shows what changed; what other machines tell is passed over. */
  put(changes: readonly LiveChange[]): void {
    const mine = changes.flatMap((change) => {
      const tag = byIndex.get(change.tag)
      return tag === undefined ? [] : [{ tag, at: fromMs(change.atMs), value: change.value }]
    })
    // At the beginning all is told at once, in no order: what one tag needs of another is here before it is shown.
    for (const { tag, value } of mine) if (!this.#values.has(dataItemId(tag))) this.#values.set(dataItemId(tag), value)
    for (const { tag, at, value } of mine) this.#show(tag, value, at)
  }

  #show(tag: PlantTag, value: ModelValue, at: Instant): void {
    const { definition, asset } = tag
    const item = dataItemOf(definition)
    const before = this.#values.get(dataItemId(tag))
    this.#values.set(dataItemId(tag), value)
    if (item.category === 'CONDITION') this.#agent.set(dataItemId(tag), this.#conditionOf(tag, value), at)
    else this.#agent.set(dataItemId(tag), shownAs(definition, item, value), at)
    if (definition.name === 'ToolId' && before !== value) this.#agent.removeAsset(String(before), at)
    // A new tool comes with new uses, told after its id.
    if (definition.name === 'ToolUses') this.#showTool(asset, at)
  }

  #conditionOf({ asset, definition }: PlantTag, value: ModelValue): ConditionState {
    if (value === 'NORMAL') return { level: 'Normal' }
    if (definition.name === 'ToolCondition') {
      return { level: 'Warning', nativeCode: 'TL90', qualifier: 'HIGH', text: 'Tool is near the end of its life' }
    }
    const nativeCode = String(this.#values.get(`${asset.id}-AlarmCode`) ?? '')
    return { level: 'Fault', nativeCode, text: machiningAlarms[nativeCode] ?? nativeCode }
  }

  /** The finishing tool as an asset: its life counts up with each part. */
  #showTool(machine: Asset, at: Instant): void {
    const [assetId, uses] = ['ToolId', 'ToolUses'].map((name) =>
      String(this.#values.get(`${machine.id}-${name}`) ?? ''),
    )
    if (assetId === undefined || assetId === '') return
    const life = `<ToolLife type="PART_COUNT" countDirection="UP" limit="${toolLife}" initial="0">${uses}</ToolLife>`
    const status = `<CutterStatus><Status>${uses === '0' ? 'NEW' : 'USED'}</Status></CutterStatus>`
    const attributes = { serialNumber: assetId, toolId: 'T12' }
    const content = `<CuttingToolLifeCycle>${status}${life}<Location type="SPINDLE">0</Location></CuttingToolLifeCycle>`
    this.#agent.putAsset({ assetId, kind: 'CuttingTool', deviceUuid: uuidOf(machine), attributes, content }, at)
  }
}

/** The value in the units of the standard, with the digits that the instrument has. */
function shownAs(definition: TagDefinition, { scale }: DataItemOf, value: ModelValue): string {
  if (typeof value !== 'number' || scale === 1) return String(value)
  return (value / scale).toFixed(definition.decimals + Math.round(Math.log10(scale)))
}

const uuidOf = (machine: Asset): string => `aurora.${machine.id}`

function deviceOf(machine: Asset): AgentDevice {
  const { id, description } = machine
  const itemsAt = (component: DataItemOf['component']): AgentDataItem[] =>
    own.filter((tag) => tag.asset === machine && dataItemOf(tag.definition).component === component).map(agentItem)
  const about = (name: string, type: string): AgentDataItem => ({
    ...{ id: `${id}-${name}`, name: `${id}_${name}`, category: 'EVENT', type },
  })
  const path: AgentComponent = { kind: 'Path', id: `${id}-path`, name: `${id}_path`, items: itemsAt('path') }
  const axes: AgentComponent = {
    ...{ kind: 'Axes', id: `${id}-axes`, items: [] },
    components: [{ kind: 'Rotary', id: `${id}-S`, name: `${id}_S`, items: itemsAt('spindle') }],
  }
  const controller: AgentComponent = { kind: 'Controller', id: `${id}-controller`, items: itemsAt('controller') }
  return {
    ...{ id, name: id, uuid: uuidOf(machine), description },
    items: [
      about('avail', 'AVAILABILITY'),
      about('asset_chg', 'ASSET_CHANGED'),
      about('asset_rem', 'ASSET_REMOVED'),
      ...itemsAt('device'),
    ],
    components: [axes, { ...controller, components: [path] }],
  }
}

function agentItem(tag: PlantTag): AgentDataItem {
  const { category, type, subType, units } = dataItemOf(tag.definition)
  const more = { ...(subType === undefined ? {} : { subType }), ...(units === undefined ? {} : { units }) }
  return { id: dataItemId(tag), name: `${tag.asset.id}_${tag.definition.name}`, category, type, ...more }
}
