import { useMutation, useQueryClient } from '@tanstack/react-query'
import { prepareSignature } from '@throughline/model'
import { problemFacts } from '@throughline/ui'
import type { FormEvent } from 'react'
import { useRef, useState } from 'react'
import type { DraftProblem, FieldWords } from './draft-problem.ts'
import { refusedProblems } from './draft-problem.ts'

/** What is written, of a version that is a head and parts in order: steps, operations, lines. */
interface DraftForm<Typed, Part, Content, Version> {
  readonly begin: () => Typed
  readonly partsOf: (typed: Typed) => readonly Part[]
  readonly withParts: (parts: readonly Part[]) => Partial<Typed>
  readonly words: FieldWords
  /** What is sent, or what has to be put right first. */
  readonly read: (typed: Typed) => { readonly content: Content } | { readonly problems: readonly DraftProblem[] }
  readonly save: (content: Content) => Promise<Version>
  /** Goes to the page of the version that was saved. */
  readonly leave: (saved: Version) => Promise<void>
  /** Name of the operation that lists the versions. */
  readonly list: string
}

/** A draft as it is typed: which part is open, what is wrong with it, and its saving. */
export function useDraftForm<Typed, Part extends { readonly id: number }, Content, Version>(
  asked: DraftForm<Typed, Part, Content, Version>,
) {
  const queryClient = useQueryClient()
  const [typed, setTyped] = useState(asked.begin)
  const parts = asked.partsOf(typed)
  const [openId, setOpenId] = useState(parts[0]?.id)
  const [problems, setProblems] = useState<readonly DraftProblem[]>([])
  const unsaved = useRef(false)
  const openIndex = parts.findIndex(({ id }) => id === openId)
  const saving = useMutation({
    mutationFn: (content: Content) => asked.save(content),
    onSuccess: async (saved) => {
      unsaved.current = false
      // First away: the page of the draft would take its own saving for somebody else's.
      await asked.leave(saved)
      await queryClient.invalidateQueries({ queryKey: [asked.list] })
      await queryClient.invalidateQueries({ queryKey: [prepareSignature.name] })
    },
    onError: (error) => show(refusedProblems(problemFacts(error).fields, parts.length, asked.words)),
  })

  function change(next: Partial<Typed>): void {
    unsaved.current = true
    setTyped((all) => ({ ...all, ...next }))
  }

  /** Opens the first part that is wrong, unless the open one is. */
  function show(found: readonly DraftProblem[]): void {
    setProblems(found)
    const places = found.flatMap(({ part }) => (part === null ? [] : [part]))
    const [first] = places
    if (first !== undefined && !places.includes(openIndex)) setOpenId(parts[first]?.id)
  }

  return {
    ...{ typed, problems, unsaved, saving, openId, openIndex, change },
    open: parts[openIndex],
    /** What is wrong with the open part. */
    openProblems: problems.flatMap(({ part, message }) => (part === openIndex ? [message] : [])),
    onOpen: setOpenId,
    openAt: (index: number): void => setOpenId(parts[index]?.id),
    changeOpen: (next: Partial<Part>): void =>
      change(asked.withParts(parts.map((each, index) => (index === openIndex ? { ...each, ...next } : each)))),
    insert(part: Part, at = parts.length): void {
      change(asked.withParts(parts.toSpliced(at, 0, part)))
      setOpenId(part.id)
    },
    remove(index: number): void {
      const left = parts.toSpliced(index, 1)
      change(asked.withParts(left))
      setProblems([])
      if (index === openIndex) setOpenId(left[Math.min(index, left.length - 1)]?.id)
    },
    reorder(next: readonly Part[]): void {
      setProblems([])
      change(asked.withParts(next))
    },
    onSubmit(event: FormEvent): void {
      event.preventDefault()
      const read = asked.read(typed)
      show('problems' in read ? read.problems : [])
      if ('content' in read) saving.mutate(read.content)
    },
  }
}
