import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { scannedSubject } from '../scanned-subject.ts'
import { TraceTabs } from '../TraceTabs.tsx'

/** Where a question about genealogy begins: by what stands on a label. */
export function FindScreen(): ReactElement {
  return (
    <>
      <ScreenHead title="Genealogy" answer="What went into a piece, and what came of a lot." above={<TraceTabs />} />
      <div className="performance">
        <TraceField />
      </div>
    </>
  )
}

/** A scanner types into it and ends with Enter: the genealogy opens. */
function TraceField(): ReactElement {
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const open = useMutation({
    mutationFn: () => scannedSubject(text.trim()),
    onSuccess: ({ code, kind }) => {
      setText('')
      return navigate({ to: '/genealogy/$code', params: { code }, search: kind === undefined ? {} : { kind } })
    },
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (text.trim() !== '') open.mutate()
  }

  return (
    <form className="access-filter" onSubmit={onSubmit}>
      <TextInput
        label="Trace"
        description="Scan or type a lot, serial, order, tool, deviation or equipment"
        autoComplete="off"
        maxLength={200}
        value={text}
        onChange={({ currentTarget: { value } }) => setText(value)}
      />
      <Button type="submit" variant="default" loading={open.isPending}>
        Trace
      </Button>
      {open.isError ? <ProblemNotice what="The scan was not understood" error={open.error} /> : null}
    </form>
  )
}
