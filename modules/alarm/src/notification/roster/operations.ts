import { DomainError, newId } from '@throughline/kernel'
import type { AlarmRoster } from '@throughline/model'
import { listRosters, setRoster } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { isWithin } from '../../nodes.ts'
import { assertWebhookAddress } from '../call/webhook-address.ts'
import type { NotificationOptions } from '../notification.ts'
import { assertKnown, assertRoster } from './rules.ts'
import { findRosterForChange, listAllRosters, putRoster } from './store.ts'

export function registerRoster(platform: Platform, { nodes, mail, localWebhooks }: NotificationOptions): void {
  platform.handle(listRosters, async (uow) =>
    (await listAllRosters(uow.trx)).filter(({ nodeId }) => isWithin(nodes, nodeId, uow.scopes)),
  )

  platform.handle(setRoster, async (uow, { rosterId, reason: _told, ...content }) => {
    assertKnown(nodes.node(content.nodeId), 'node', content.nodeId)
    assertRoster(content)
    for (const { webhooks } of content.steps) {
      for (const url of webhooks) assertWebhookAddress(url, localWebhooks === true)
    }
    if (content.active && mail === null && content.steps.some(({ emails }) => emails.length > 0)) throw mailNotSet()
    if (rosterId !== null) {
      const before = await findRosterForChange(uow.trx, rosterId)
      assertKnown(before, 'roster', rosterId)
      await uow.assertWithin(before.nodeId)
    }
    const roster: AlarmRoster = { ...content, id: rosterId ?? newId<'AlarmRoster'>(uow.at) }
    await putRoster(uow.trx, roster)
    return roster
  })
}

const mailNotSet = (): DomainError =>
  new DomainError(
    'invalid',
    'alarm.mail-not-set',
    'Nobody could be called by e-mail, because the server knows no mail server: have SMTP_URL and THROUGHLINE_MAIL_FROM set, or save the roster inactive',
  )
