import { DomainError } from '@throughline/kernel'
import { stepUp } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { personOf, sessionOfPerson } from '../credential/own.ts'
import type { Prover } from '../credential/prover.ts'
import { noteProof } from '../session/store.ts'

export function mountStepUpOperations(platform: Platform, prover: Prover): void {
  platform.handle(stepUp, async (uow, { password, code, assertion }) => {
    const personId = personOf(uow.actor)
    const sessionId = sessionOfPerson(uow.actor)
    const { origin } = uow.actor
    const isProved =
      password !== undefined
        ? await prover.verifyPasswordOf(personId, password, origin)
        : code !== undefined
          ? await prover.verifyTotpOf(personId, code)
          : assertion !== undefined && (await prover.verifyGivenAssertion(assertion, personId, origin)) !== undefined
    if (!isProved) {
      throw new DomainError(
        'unauthenticated',
        'identity.proof-refused',
        'This does not prove who you are: try again, or prove yourself in another way',
      )
    }
    await noteProof(uow.trx, sessionId, uow.at)
    return { provedAt: uow.at }
  })
}
