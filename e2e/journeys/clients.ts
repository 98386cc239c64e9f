import type { Client, EquipmentNode } from '@throughline/model'
import { listNodes } from '@throughline/model'

/** Who speaks to the plant in one file of journeys beside its pages, and the places that they name by path. */
export class Clients {
  readonly #own = new Map<string, Client>()
  #nodes: readonly EquipmentNode[] = []

  add(name: string, client: Client): void {
    this.#own.set(name, client)
  }

  async readPlaces(by: string): Promise<void> {
    this.#nodes = await this.as(by)(listNodes, {})
  }

  readonly as = (name: string): Client => {
    const found = this.#own.get(name)
    if (found === undefined) throw new Error(`nobody is called ${name}`)
    return found
  }

  readonly idOf = (path: string): EquipmentNode['id'] => {
    const found = this.#nodes.find((node) => node.path === path)
    if (found === undefined) throw new Error(`there is no equipment at ${path}`)
    return found.id
  }
}
