import { listConnections } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { listConnectionsWithin } from './store.ts'

export function registerConnection(platform: Platform): void {
  platform.handle(listConnections, (uow) => listConnectionsWithin(uow.trx, uow.scopes))
}
