import { startAuthentication } from '@simplewebauthn/browser'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { DomainError } from '@throughline/kernel'
import type { RecordRef, SignatureInput, SignatureMeaning, SigningPreparation } from '@throughline/model'
import { beginPasskeySignature, listSignatures, prepareSignature, signRecord } from '@throughline/model'
import type { GivenSignature } from '@throughline/ui'
import { SignatureSheet } from '@throughline/ui'
import type { ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { useOnline } from './use-online.ts'

interface SigningOptions {
  /** Does what is signed; default: signs the record as it stands. */
  readonly sign?: (signature: SignatureInput) => Promise<unknown>
  /** What the signature may mean, where no policy says what comes next. */
  readonly meanings?: readonly SignatureMeaning[]
  /**
   * In words, what `sign` makes and signs in one: `Step "Cured" of WO-7`. The record that is asked about is then the one that
   * it belongs to.
   */
  readonly makes?: string
  /** What happens with it beside the signature. */
  readonly effect?: ReactNode
  /** Queries that show the record: they are read anew before it is signed, and after. */
  readonly shows: readonly { readonly queryKey: readonly unknown[] }[]
}

/** What a screen needs to have a record signed on it. */
export interface Signing {
  readonly preparation: SigningPreparation | undefined
  readonly problem: unknown
  /** Opens the sheet, on the record as it stands at this moment. */
  readonly start: () => void
  readonly starting: boolean
  /** To be put anywhere on the screen. */
  readonly sheet: ReactElement | null
}

/** Prepares, signs and refreshes: the one way in which screens have records signed. */
export function useSigning(record: RecordRef, options: SigningOptions): Signing {
  const { shows, makes, sign = (signature) => client(signRecord, { record, signature }) } = options
  const queryClient = useQueryClient()
  const online = useOnline()
  const query = ask(prepareSignature, { record })
  const known = useQuery(query)
  const [opened, setOpened] = useState<SigningPreparation | undefined>(undefined)

  async function refresh(): Promise<SigningPreparation> {
    // First the version, then what is on screen: so nobody signs a version that is newer than what they see.
    const fresh = await queryClient.fetchQuery({ ...query, staleTime: 0 })
    await Promise.all(shows.map(({ queryKey }) => queryClient.refetchQueries({ queryKey })))
    return fresh
  }

  const starting = useMutation({ mutationFn: refresh, onSuccess: setOpened })
  const signing = useMutation({
    mutationFn: async ({ given, shown }: { given: GivenSignature; shown: SigningPreparation }) =>
      await sign(await signatureOf(makes === undefined ? record : null, given, shown)),
    onSuccess: async () => {
      setOpened(undefined)
      await queryClient.invalidateQueries({ queryKey: [listSignatures.name] })
      await refresh()
    },
    onError: async () => {
      // Somebody may have been quicker, or too many attempts failed: the sheet then says so.
      const fresh = await refresh()
      if (fresh.components !== opened?.components || fresh.refusal !== null) setOpened(fresh)
    },
  })

  function close(): void {
    setOpened(undefined)
    signing.reset()
  }

  return {
    preparation: known.data,
    problem: known.error ?? starting.error,
    start: () => {
      signing.reset()
      starting.mutate()
    },
    starting: starting.isPending,
    sheet:
      opened === undefined ? null : (
        <SignatureSheet
          preparation={opened}
          {...(makes === undefined ? {} : { makes })}
          {...(options.meanings === undefined ? {} : { meanings: options.meanings })}
          {...(options.effect === undefined ? {} : { effect: options.effect })}
          online={online}
          busy={signing.isPending}
          error={signing.error}
          onSign={(given) => signing.mutate({ given, shown: opened })}
          onClose={close}
        />
      ),
  }
}

async function signatureOf(
  record: RecordRef | null,
  { meaning, reason, proof }: GivenSignature,
  { current }: SigningPreparation,
): Promise<SignatureInput> {
  // What is only made by this was not there to be shown.
  const shown = record === null ? null : current
  if (proof.method !== 'passkey') return { meaning, reason, shown, proof }
  const { challenge, rpId, allowed, timeoutMs } = await client(beginPasskeySignature, {
    record,
    meaning,
    reason,
    shown,
  })
  const optionsJSON = {
    challenge,
    rpId,
    timeout: timeoutMs,
    userVerification: 'required' as const,
    allowCredentials: allowed.map((id) => ({ id, type: 'public-key' as const })),
  }
  const assertion = await startAuthentication({ optionsJSON }).catch((error: unknown) => {
    throw new DomainError(
      'invalid',
      'identity.passkey-not-used',
      'Your device gave no signature: it was cancelled, took too long, or has no passkey for this plant',
      {},
      error,
    )
  })
  return { meaning, reason, shown, proof: { method: 'passkey', assertion: assertionOf(assertion) } }
}

/** What the browser answers, as the contract names it. */
function assertionOf(answer: Awaited<ReturnType<typeof startAuthentication>>) {
  const { id, rawId, response, authenticatorAttachment } = answer
  const { clientDataJSON, authenticatorData, signature, userHandle } = response
  return {
    id,
    rawId,
    type: 'public-key' as const,
    clientExtensionResults: {},
    response: { clientDataJSON, authenticatorData, signature, ...(userHandle === undefined ? {} : { userHandle }) },
    ...(authenticatorAttachment === undefined ? {} : { authenticatorAttachment }),
  }
}
