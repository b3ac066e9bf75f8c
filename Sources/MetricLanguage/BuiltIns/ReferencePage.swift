import EmbeddingMath

/// The reference page of the metric language, made from the grammar and the table of built-ins.
package enum ReferencePage {
  /// The page in Markdown; `docs/metric-language.md` is this text.
  package static var markdown: String {
    var page = introduction
    for family in BuiltIn.Family.allCases {
      page += "\n### \(family.rawValue)\n"
      for builtIn in BuiltInTable.all where builtIn.family == family {
        let signatures = builtIn.signatures.joined(separator: "\n")
        page += """

          ```
          \(signatures)
          ```

          \(builtIn.summary)

          > `\(builtIn.example)`

          """
      }
    }
    return page + choices
  }

  private static let introduction = """
    # The metric language

    A small array language over a model's weights: no loops, no recursion, no files. A formula is checked
    for names, shapes and cost before it runs, so it always ends. This page is made from the program's own
    table; `workbook eval --functions NAME` shows the same.

    ```
    mean(pairs(cosine(a, b)))                                  # exact, over all pairs of tokens
    let Z = W_E - mean(W_E); mean(pairs(cosine(a, b), of: Z))
    cosine(a - mean(W_E), b - mean(W_E))                       # a metric: a and b are two rows
    nearest(W_E[" king"], k: 5, by: cosine, except: " king")
    ```

    ## Grammar

    ```
    formula  = { "let" NAME "=" expr ";" } expr
    expr     = operand { OPERATOR operand }
    operand  = "not" expr | "-" operand | postfix
    postfix  = primary { "." NAME | "[" expr "]" }
    primary  = NUMBER | TEXT | NAME | NAME "(" [ argument { "," argument } ] ")"
             | "[" [ expr { "," expr } ] "]" | "(" formula ")"
    argument = [ NAME ":" ] expr
    ```

    From loose to tight: `or`, `and`, `not`, comparisons (`<` `<=` `>` `>=` `==` `!=`, which do not chain),
    `+ -`, `* / @`, the minus sign, `^` (to the right), indexing. Texts stand in single or double quotes. `#`
    starts a comment. A formula has at most \(grouped(Parser.longestText)) bytes, nests at most \
    \(Parser.deepestNesting) deep and has at most \(grouped(Parser.mostNodes)) parts, no
    more than \(Parser.highestTree) of them in one chain.

    ## Types

    number, truth, vector, mask, matrix, tokens (an ordered set of ids), pair set, metric, distribution (of a
    metric's values over pairs), decomposition, text. `W_E - v` subtracts a vector with one entry for each
    column from every row; `@` is the inner or matrix product. Wherever a token list is wanted, a text stands
    for its token.

    Tensors carry TransformerLens's names: `W_E`, `W_pos`, `W_in[0]`, `ln_final_w`… (`workbook models show`
    lists them), and are the checkpoint's own values. `W_E[" dog"]` is one token's row, `W_E[3]` a row by
    number, `W_E[mask]` and `W_E[tokens]` select rows. `M.v[k]`, `M.s[k]` and `M.u[k]` are the parts of a
    decomposition.

    ## Metrics

    A metric is an expression of two rows `a` and `b` that gives a number. One of the form
    `similarity(f(a), f(b))` is fused: the rows are transformed once, its mean has a closed form where there is
    one, and anything else is one pass over all pairs. Any other metric is interpreted pair by pair, on a
    sample of \(MetricPlan.sampledRows) rows where there are more; what it gives says so. A similarity's bare name stands for that
    similarity of `a` and `b`. In a puzzle's key, `metric` stands for the learner's answer.

    Euclidean and Manhattan are distances: wherever values are ranked (`auc`, `nearest`, `best_match`) they
    count by likeness, negated; printed values keep their sign. A row of zeros has cosine 0.

    A mean over the pairs of sampled rows carries a standard error, which counts the rows and not the pairs:
    2 · sd(per-row means) / √n, with the correction for a finite population.

    ## Built-ins

    """

  private static var choices: String {
    var text = """

      ## The vocabulary of choices

      A metric can also be given as a choice, such as `{ similarity: cosine, zero-point: token-mean, remove: 1 }`.
      Similarities: \(similarityNames). `remove` drops 0 to \(MetricChoice.mostRemoved) of the leading singular directions
      of the matrix seen from the zero point.

      | zero-point | what it is | with cosine it means |
      |---|---|---|

      """
    for zero in ZeroPoint.allCases {
      let choice = MetricChoice(similarity: .cosine, zeroPoint: zero)
      text += "| `\(zero.rawValue)` | \(zero.summary) | `\(choice.formulaText)` |\n"
    }
    return text
  }

  private static var similarityNames: String {
    BuiltInTable.similarities.map { "`\($0.name)`" }.joined(separator: ", ")
  }
}
