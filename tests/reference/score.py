"""Score ranked passages against gold evidence spans, independent of anyone's chunking.

usage: score.py GOLD.jsonl RUN.jsonl [--json] [--by FIELD] [--misses]

RUN: a line per question: {"id", "passages": [text or {"text": ...}, ...], "answered": true|false|null, "confidence": float|null, "ms": float}
A passage is relevant when it covers at least half of the characters of one gold evidence span.
S@W: evidence reached within the first W words shown, passages read in rank order.
"""
import argparse
import json
import math
import re


def norm(s):
    s = s.replace("’", "'").replace("“", '"').replace("”", '"')
    s = re.sub(r"[•*>#`|]+", " ", s)
    return re.sub(r"\s+", " ", s).strip()

def longest_cover(passage, span):
    """Share of span's characters that passage covers in one run (whole words)."""
    if span in passage:
        return 1.0
    words = span.split()
    best = 0
    i = 0
    n = len(words)
    for i in range(n):
        j = max(i + 1, i + best + 1)
        while j <= n and " ".join(words[i:j]) in passage:
            best = j - i
            j += 1
    return best / n

def relevant(passage, spans):
    return any(longest_cover(passage, s) >= 0.5 for s in spans)

def evaluate(gold, run):
    rows = []
    for g in gold:
        r = run.get(g["id"])
        if r is None:
            raise SystemExit(f"no run line for {g['id']}")
        ps = [norm(p["text"] if isinstance(p, dict) else p) for p in r["passages"]]
        row = dict(id=g["id"], kind=g["kind"], persona=g["persona"], answerable=g["answerable"], answered=r.get("answered"), score=r.get("confidence", r.get("score")), ms=r.get("ms"), longest=max((len(p.split()) for p in ps), default=0))
        if g["answerable"]:
            spans = [norm(e) for e in g["evidence"]]
            rel = [relevant(p, spans) for p in ps]
            first = rel.index(True) + 1 if True in rel else None
            row["rank"] = first
            # words read before the reader has seen the evidence
            seen = []; reach = None
            text = ""
            for p in ps:
                text = (text + " " + p).strip()
                ends = []
                for s in spans:
                    k = text.find(s)
                    if k >= 0:
                        ends.append(len(text[:k + len(s)].split()))
                if ends:
                    reach = min(ends); break
            if reach is None and first:
                reach = len(" ".join(ps[:first]).split())
            row["words"] = reach
        rows.append(row)
    return rows

def mean(xs):
    xs = list(xs)
    return sum(xs) / len(xs) if xs else float("nan")

def auroc(pos, neg):
    if not pos or not neg:
        return float("nan")
    s = sum((p > n) + 0.5 * (p == n) for p in pos for n in neg)
    return s / (len(pos) * len(neg))

def summarise(rows):
    a = [r for r in rows if r["answerable"]]
    u = [r for r in rows if not r["answerable"]]
    out = dict(n=len(rows), answerable=len(a), unanswerable=len(u))
    for k in (1, 3, 5):
        out[f"hit@{k}"] = mean(bool(r["rank"] and r["rank"] <= k) for r in a)
    out["MRR@10"] = mean(1 / r["rank"] if r["rank"] and r["rank"] <= 10 else 0 for r in a)
    for w in (60, 120, 250):
        out[f"S@{w}w"] = mean(bool(r["words"] and r["words"] <= w) for r in a)
    if a and u and all(r["score"] is not None for r in rows):
        out["abstain AUROC"] = auroc([r["score"] for r in a], [r["score"] for r in u])
    if u and all(r["answered"] is not None for r in rows):
        out["answered | answerable"] = mean(r["answered"] for r in a)
        out["declined | unanswerable"] = mean(not r["answered"] for r in u)
        out["useful"] = mean(bool(r["answered"] and r["rank"] and r["rank"] <= 3) for r in a)
    out["longest passage (words)"] = max((r["longest"] for r in rows), default=0)
    ms = sorted(r["ms"] for r in rows if r["ms"] is not None)
    if ms:
        out["ms p50"] = ms[len(ms) // 2]; out["ms p99"] = ms[min(len(ms) - 1, int(len(ms) * .99))]
    return out

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("gold"); ap.add_argument("run"); ap.add_argument("--json", action="store_true"); ap.add_argument("--by", default=None); ap.add_argument("--misses", action="store_true")
    o = ap.parse_args()
    gold = [json.loads(l) for l in open(o.gold) if l.strip()]
    run = {r["id"]: r for r in (json.loads(l) for l in open(o.run) if l.strip())}
    rows = evaluate(gold, run)
    s = summarise(rows)
    if o.json:
        print(json.dumps(s))
    else:
        print("  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in s.items()))
    if o.by:
        for key in sorted({str(r[o.by]) for r in rows}):
            s = summarise([r for r in rows if str(r[o.by]) == key])
            print(f"  {key:14}", "  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in s.items() if not (isinstance(v, float) and math.isnan(v))))
    if o.misses:
        q = {g["id"]: g["question"] for g in gold}
        for r in rows:
            if r["answerable"] and r["rank"] != 1:
                print("  miss", r["id"], r["rank"], q[r["id"]][:110])
