import type { Database } from '@throughline/platform'
import type { BadgeWay } from '../signature/ways.ts'
import { findStationOfSession } from '../station/store.ts'
import type { BadgeProof } from './proof.ts'
import { mostPinFailures } from './rules.ts'
import { countBadges, findPin } from './store.ts'

/** Signing by badge and PIN: only in a session that a badge opened, at the station where it was opened. */
export function badgesAtStations(db: Database, proof: BadgeProof): BadgeWay {
  return {
    async isUsable(personId, sessionId) {
      if ((await findStationOfSession(db, sessionId)) === undefined) return false
      const pin = await findPin(db, personId)
      return pin !== undefined && pin.failures < mostPinFailures && (await countBadges(db, personId)) > 0
    },
    async isRight(personId, sessionId, badge, pin) {
      const stationId = await findStationOfSession(db, sessionId)
      if (stationId === undefined) return false
      if (badge === undefined) return await proof.verifyPin(personId, pin, null)
      return await proof.verifyBadge(personId, stationId, badge, pin, null)
    },
  }
}
