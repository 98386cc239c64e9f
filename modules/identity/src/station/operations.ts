import { DomainError, newId } from '@throughline/kernel'
import type { Station } from '@throughline/model'
import { getCurrentStation, listNodes, listStations, registerStation, retireStation } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import { newToken } from '../credential/token.ts'
import { RateLimit } from '../single-sign-on/rate-limit.ts'
import {
  endSessionsAt,
  findStationById,
  findStationByToken,
  insertStation,
  listStationRows,
  setRetired,
} from './store.ts'

/** As long as browsers keep a cookie; each sign-in at the station begins it anew. */
export const terminalCookieLifeS = 400 * 86_400

export function mountStationOperations(platform: Platform): void {
  const asking = new RateLimit(120)

  platform.handle(listStations, (uow) => listStationRows(uow.trx))

  platform.handlePrepared(
    registerStation,
    async (_, { nodeId }) => {
      const nodes = await platform.run(listNodes, systemActor('identity.station', ['equipment.model.read']), {})
      return nodes.some((node) => node.id === nodeId)
    },
    async (uow, { name, nodeId, kind, signIn, idleTimeoutMs }, isKnown) => {
      if (!isKnown) {
        throw new DomainError('not-found', 'identity.station-node-unknown', `There is no equipment node ${nodeId}`)
      }
      const id = newId<'Station'>(uow.at)
      const ways = kind === 'wall' ? [] : [...new Set(signIn)]
      const station: Station = {
        id,
        name,
        nodeId,
        kind,
        signIn: ways,
        idleTimeoutMs,
        state: 'registered',
        registeredAt: uow.at,
      }
      const token = newToken()
      if (!(await insertStation(uow.trx, station, token))) {
        throw new DomainError(
          'conflict',
          'identity.station-name-taken',
          `There is already a station named ${name}: retire it first, or choose another name`,
          { name },
        )
      }
      uow.terminal.bind(token, terminalCookieLifeS)
      return station
    },
  )

  platform.handle(retireStation, async (uow, { stationId }) => {
    const station = await findStationById(uow.trx, stationId)
    if (station === undefined) {
      throw new DomainError('not-found', 'identity.station-unknown', `There is no station ${stationId}`)
    }
    if (!(await setRetired(uow.trx, station.id, uow.at))) {
      throw new DomainError('conflict', 'identity.station-retired', `${station.name} was retired before`)
    }
    await endSessionsAt(uow.trx, station.id, uow.at)
    return { ...station, state: 'retired' as const }
  })

  platform.handle(getCurrentStation, async (uow) => {
    asking.assertWithin(uow.actor.origin, uow.at)
    return (await findStationByToken(uow.trx, uow.terminal.token)) ?? null
  })
}
