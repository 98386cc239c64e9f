import { Button, TextInput } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import { useMemo, useState } from 'react'
import { boxOf, drawingOf } from './drawing.ts'
import { GraphCanvas } from './GraphCanvas.tsx'
import { NodeFacts } from './NodeFacts.tsx'
import { ThreadTable } from './ThreadTable.tsx'
import type { ThreadGraph } from './thread-graph.ts'
import { allGroups, foldedGraph, foundIn, mostDrawn, nearestBoxes } from './thread-graph.ts'

interface ThreadViewProps {
  readonly graph: ThreadGraph
  readonly startKey: string | undefined
  readonly timeZone: string | undefined
  /** What is asked, beside what is sought in the answer. */
  readonly children: ReactNode
}

/** The drawing with its search, the facts of one node, and the table. */
export function ThreadView({ graph, startKey, timeZone, children }: ThreadViewProps): ReactElement {
  const [openGroups, setOpenGroups] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = useState<string | undefined>(undefined)
  const [text, setText] = useState('')
  const [whole, setWhole] = useState(0)
  const [wish, setWish] = useState<{ readonly key: string; readonly count: number } | undefined>(undefined)
  const { drawing, left } = useMemo(() => {
    const whole = foldedGraph(graph, openGroups)
    const near = nearestBoxes(whole.boxes)
    const drawn = new Set(near.boxes.map(({ key }) => key))
    const links = whole.links.filter(({ from, to }) => drawn.has(from) && drawn.has(to))
    return { drawing: drawingOf(near.boxes, links), left: near.left }
  }, [graph, openGroups])
  const found = useMemo(() => (text.trim() === '' ? undefined : foundIn(graph.nodes.values(), text)), [graph, text])
  const rows = useMemo(
    () => [...graph.nodes.values()].filter(({ key }) => found === undefined || found.has(key)),
    [graph, found],
  )
  const hasFolded = [...drawing.boxes.values()].some(({ isFolded }) => isFolded)
  const node = graph.nodes.get(chosen ?? '')
  const goTo = (key: string): void => setWish({ key, count: (wish?.count ?? 0) + 1 })

  /** A box of many opens; of one, its facts are shown. */
  function onPick(key: string): void {
    const box = drawing.boxes.get(key)
    if (box?.isFolded !== true) {
      setChosen(key)
      return
    }
    setOpenGroups(new Set([...openGroups, box.group]))
    const [first] = box.members
    if (first !== undefined) goTo(first.key)
  }

  function show(key: string): void {
    setChosen(key)
    goTo(key)
  }

  function foldAgain(groups: ReadonlySet<string>): void {
    setOpenGroups(groups)
    setWhole(whole + 1)
  }

  function showNext(): void {
    const hits = [...drawing.boxes.values()]
      .filter(({ members }) => members.some((each) => found?.has(each.key) === true))
      .map(({ key }) => key)
    const next = hits[(hits.indexOf(wish?.key ?? '') + 1) % Math.max(1, hits.length)]
    if (next !== undefined) goTo(next)
  }

  return (
    <>
      {graph.truncated ? (
        <p className="screen-note">
          There is more than is shown: the {graph.nodes.size} nearest are. Trace on from one of the last, or export it.
        </p>
      ) : null}
      {graph.hidden > 0 ? (
        <p className="screen-note">{graph.hidden} more lie at places that you may not see, and are not shown.</p>
      ) : null}
      <div className="thread-bar">
        {children}
        <search className="access-filter">
          <TextInput
            label="Find in it"
            autoComplete="off"
            value={text}
            onChange={({ currentTarget: { value } }) => setText(value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') showNext()
            }}
          />
          {found === undefined ? null : (
            <>
              <output>{found.size} found</output>
              <Button variant="default" disabled={found.size === 0} onClick={showNext}>
                Next
              </Button>
            </>
          )}
          {!hasFolded || graph.nodes.size > mostDrawn ? null : (
            <Button variant="default" onClick={() => foldAgain(allGroups(graph))}>
              Unfold all
            </Button>
          )}
          {openGroups.size === 0 ? null : (
            <Button variant="default" onClick={() => foldAgain(new Set())}>
              Fold all
            </Button>
          )}
        </search>
      </div>
      {left === 0 ? null : (
        <p className="screen-note">
          The nearest {drawing.boxes.size} are drawn; {left} more are in the table alone.
        </p>
      )}
      <div className="thread-and-facts">
        <GraphCanvas
          drawing={drawing}
          label="Drawing: what went in on the left, what came of it on the right"
          startKey={startKey}
          chosenKey={node === undefined ? undefined : boxOf(drawing, node.key)?.key}
          found={found}
          wish={wish}
          whole={whole}
          onPick={onPick}
        />
        {node === undefined ? null : (
          <NodeFacts
            node={node}
            graph={graph}
            timeZone={timeZone}
            onPick={show}
            onClose={() => {
              setChosen(undefined)
              goTo(node.key)
            }}
          />
        )}
      </div>
      <ThreadTable nodes={rows} chosenKey={node?.key} timeZone={timeZone} onPick={show} />
    </>
  )
}
