import { Button, Modal, SegmentedControl } from '@mantine/core'
import type { SignatureMeaning, SigningPreparation } from '@throughline/model'
import { signatureSentence } from '@throughline/model'
import type { FormEvent, ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import { problemFacts } from '../notice/problem-facts.ts'
import { ProofFields } from './ProofFields.tsx'
import type { SheetEntries } from './signature-words.ts'
import { bindingNote, missingEntries, signAs } from './signature-words.ts'
import './signature.css'

/** What somebody gave to sign; a passkey is asked for by the page, after this. */
export interface GivenSignature {
  readonly meaning: SignatureMeaning
  readonly reason: string
  readonly proof:
    | { readonly method: 'password'; readonly name?: string; readonly password: string }
    | { readonly method: 'badge'; readonly badge?: string; readonly pin: string }
    | { readonly method: 'passkey' }
}

interface SignatureSheetProps {
  readonly preparation: SigningPreparation
  /** What the signature may mean, where the record has no policy that says what comes next. */
  readonly meanings?: readonly SignatureMeaning[]
  /** In words, what is made and signed in one; the record of the preparation is then the one that it belongs to. */
  readonly makes?: string
  /** What happens with it beside the signature: "This completes the review." */
  readonly effect?: ReactNode
  /** Whether the plant can be reached: nothing is ever signed without it. */
  readonly online: boolean
  readonly busy: boolean
  /** Why the last attempt was refused. */
  readonly error: unknown
  readonly onSign: (given: GivenSignature) => void
  readonly onClose: () => void
}

/**
 * The one sheet on which everything is signed: what is signed in a full sentence, its version and hash, the meaning, the
 * reason, and both components. Entries stay when the signature is refused, the secret does not.
 */
export function SignatureSheet(props: SignatureSheetProps): ReactElement {
  const { preparation, onClose } = props
  return (
    <Modal.Root opened onClose={onClose} size={640}>
      <Modal.Overlay />
      <Modal.Content className="tl-sign-sheet">
        <Modal.Body>
          {/* Mantine's own head is a banner, and the page has one already. */}
          <div className="tl-sign-head">
            <Modal.Title className="tl-sign-title">Sign</Modal.Title>
            <Modal.CloseButton aria-label="Close" />
          </div>
          {preparation.refusal === null ? (
            <SignForm {...props} />
          ) : (
            <Refused {...props} refusal={preparation.refusal} />
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function Refused({
  preparation,
  refusal,
  onClose,
}: SignatureSheetProps & { readonly refusal: { readonly message: string } }): ReactElement {
  return (
    <div className="tl-sign">
      <p className="tl-sign-sentence">{preparation.title}</p>
      <div className="tl-notice" role="alert">
        <p className="tl-notice-title">You cannot sign this now</p>
        <p>{refusal.message}.</p>
      </div>
      <div className="tl-sign-actions">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  )
}

function SignForm(props: SignatureSheetProps): ReactElement {
  const { preparation, online, busy, error, effect, makes, onSign, onClose } = props
  const { current, title, signer, components, methods } = preparation
  const choices = meaningsOf(props)
  const [meaning, setMeaning] = useState<SignatureMeaning>(choices[0] ?? 'performed')
  const [entries, setEntries] = useState<SheetEntries>({
    reason: '',
    method: methods[0] ?? 'password',
    name: '',
    secret: '',
    badge: '',
  })
  const [pressed, setPressed] = useState(false)
  const missing = pressed ? missingEntries(entries, components) : {}

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    setPressed(true)
    if (!online || busy || Object.keys(missingEntries(entries, components)).length > 0) return
    onSign({ meaning, reason: entries.reason.trim(), proof: proofOf(entries, components) })
    setEntries({ ...entries, secret: '' })
    setPressed(false)
  }

  return (
    <form className="tl-sign" onSubmit={onSubmit} noValidate>
      <div className="tl-sign-what">
        {makes === undefined ? (
          <>
            <p className="tl-sign-sentence">{signatureSentence(signer.printedName, meaning, title, current)}</p>
            <p className="tl-sign-hash">
              Hash of that record version (SHA-256): <span>{current.hash}</span>
            </p>
          </>
        ) : (
          <>
            <p className="tl-sign-sentence">{`I, ${signer.printedName}, have ${meaning}: ${makes}.`}</p>
            <p>Its record is made with this signature, and holds it.</p>
          </>
        )}
        <p>{bindingNote}</p>
        {effect === undefined ? null : <p>{effect}</p>}
      </div>
      {choices.length < 2 ? null : (
        <fieldset className="tl-sign-choice">
          <legend>Meaning</legend>
          <SegmentedControl
            fullWidth
            value={meaning}
            onChange={(value) => setMeaning(value as SignatureMeaning)}
            data={choices.map((each) => ({ value: each, label: each }))}
          />
        </fieldset>
      )}
      <ProofFields
        entries={entries}
        missing={missing}
        methods={methods}
        components={components}
        onChange={(change) => setEntries({ ...entries, ...change })}
      />
      {online ? null : (
        <div className="tl-notice" role="alert">
          <p className="tl-notice-title">Offline</p>
          <p>A signature is checked by the plant at the moment of signing. What you have entered stays here.</p>
        </div>
      )}
      {error === null || error === undefined ? null : <NotSigned error={error} />}
      <div className="tl-sign-actions">
        <Button type="submit" loading={busy}>
          {signAs(meaning)}
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

/** Why the plant refused: its words say what helps, so no general advice follows. */
function NotSigned({ error }: { readonly error: unknown }): ReactElement {
  const { message, code, reference } = problemFacts(error)
  return (
    <div className="tl-notice" role="alert">
      <p className="tl-notice-title">Nothing was signed</p>
      <p>
        {message}
        {/[.!?]$/.test(message) ? '' : '.'}
      </p>
      {code === undefined ? null : (
        <p className="tl-notice-code">
          {code}
          {reference === undefined ? null : ` · reference ${reference}`}
        </p>
      )}
    </div>
  )
}

/** The policy's next step; without a policy, what the operation allows. */
function meaningsOf({ preparation, makes, meanings = [] }: SignatureSheetProps): readonly SignatureMeaning[] {
  if (makes !== undefined) return meanings
  const next = preparation.steps.find((step) => step.state === 'next')
  return next === undefined ? meanings : [next.meaning]
}

function proofOf(entries: SheetEntries, components: SigningPreparation['components']): GivenSignature['proof'] {
  const { method, name, secret, badge } = entries
  if (method === 'passkey') return { method }
  if (method === 'badge') return { method, pin: secret, ...(components === 'both' ? { badge } : {}) }
  return { method, password: secret, ...(components === 'both' ? { name: name.trim().toLowerCase() } : {}) }
}
