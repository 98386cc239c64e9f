import { Button, NativeSelect, Textarea } from '@mantine/core'
import type { Deviation } from '@throughline/model'
import { closeDeviation, Disposition, getDeviation, listDeviations, voidDeviation } from '@throughline/model'
import { ProblemNotice, SignatureBlock } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { useMakingRefresh } from '../../execution/form/making-queries.ts'
import { useDenial } from '../../identity/access/may.ts'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { dispositionWords } from './deviation-words.ts'

const shortest = 10

/** The end of a deviation: its conclusion and what becomes of the product, or its being taken back; both are signed. */
export function DeviationEnd({ deviation }: { readonly deviation: Deviation }): ReactElement {
  const { id: deviationId, version } = deviation
  const denial = useDenial()
  const refresh = useMakingRefresh()
  const [way, setWay] = useState<'close' | 'void'>('close')
  const [text, setText] = useState('')
  const [disposition, setDisposition] = useState<Disposition | ''>('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const said = text.trim()
  const signing = useSigning(
    { kind: 'quality.deviation', id: deviationId },
    {
      effect:
        way === 'close'
          ? 'This closes the deviation: nothing can be noted on it any more.'
          : 'This takes the deviation back; it stays readable.',
      shows: [{ queryKey: [getDeviation.name] }, { queryKey: [listDeviations.name] }],
      sign: async (signature) => {
        if (way === 'void') await client(voidDeviation, { deviationId, version, reason: said, signature })
        else if (disposition !== '')
          await client(closeDeviation, { deviationId, version, conclusion: said, disposition, signature })
        await refresh()
      },
    },
  )
  const { preparation } = signing
  const mayNot = denial('quality.deviation.close', 'close deviations')

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const wrong =
      said.length < shortest
        ? `Say what you conclude, in ${shortest} characters at least.`
        : way === 'close' && disposition === ''
          ? 'Say what becomes of the product.'
          : undefined
    setProblem(wrong)
    if (wrong === undefined) signing.start()
  }

  if (deviation.state !== 'open') {
    return (
      <section className="performance-panel" aria-label="Signatures of the deviation">
        {preparation === undefined ? null : (
          <SignatureBlock steps={preparation.steps} signatures={preparation.signatures} />
        )}
      </section>
    )
  }
  return (
    <section className="performance-panel" aria-labelledby="deviation-end">
      <h2 id="deviation-end">Close it</h2>
      {mayNot === undefined ? (
        <form className="access-form" onSubmit={onSubmit} noValidate>
          <NativeSelect
            label="What is done"
            value={way}
            onChange={({ currentTarget: { value } }) => setWay(value === 'void' ? 'void' : 'close')}
            data={[
              { value: 'close', label: 'Close it with a conclusion' },
              { value: 'void', label: 'Take it back: it was opened by mistake' },
            ]}
          />
          {way === 'void' ? null : (
            <NativeSelect
              label="What becomes of the product"
              value={disposition}
              onChange={({ currentTarget: { value } }) =>
                setDisposition(Disposition.options.find((each) => each === value) ?? '')
              }
              data={[
                { value: '', label: 'Choose' },
                ...Disposition.options.map((value) => ({ value: value as string, label: dispositionWords[value] })),
              ]}
            />
          )}
          <Textarea
            label={way === 'close' ? 'Conclusion' : 'Why it is taken back'}
            description={way === 'close' && disposition === 'scrap' ? 'Scrap rejects its lots for good.' : undefined}
            rows={4}
            maxLength={way === 'close' ? 4000 : 1000}
            value={text}
            onChange={({ currentTarget: { value } }) => setText(value)}
          />
          {problem === undefined ? null : <p role="alert">{problem}</p>}
          <div className="access-actions">
            <Button type="submit" loading={signing.starting} disabled={preparation?.refusal != null}>
              {way === 'close' ? 'Sign and close' : 'Sign and take back'}
            </Button>
            {preparation?.refusal == null ? null : <span>{preparation.refusal.message}.</span>}
          </div>
        </form>
      ) : (
        <p className="screen-note">{mayNot}</p>
      )}
      {signing.problem === null ? null : (
        <ProblemNotice what="The signature could not be prepared" error={signing.problem} />
      )}
      {signing.sheet}
    </section>
  )
}
