// The key figures of a year, beside those of the year before where the store has it.

function drawFigures(target, year) {
  const now = data.years.find((each) => each.year === year);
  const before = year === null ? undefined : data.years.find((each) => each.year === year - 1);
  const card = (label, value, below, kind) =>
    element(
      "div",
      { class: `card ${kind || ""}` },
      element("span", { class: "label" }, label),
      element("span", { class: "value" }, value),
      element("span", { class: "below" }, below),
    );
  const compared = (one, other, unit, decimals) => {
    if (!before || one === null || other === null) return "";
    const change = one - other;
    return `比上年${change < 0 ? "减" : "增"} ${moneyFormat.format(Math.abs(Number(change.toFixed(decimals))))}${unit}`;
  };
  const graded = now.grades.reduce((sum, count) => sum + count, 0);
  const good = now.grades[0] + now.grades[1];
  const cards = [
    card(
      "执行率",
      percent(now.rate),
      (before && compared(now.rate, before.rate, " 个百分点", 2)) || "执行数合计 ÷ 预算数合计",
      "chief",
    ),
    card("全年预算数（万元）", money(now.budget), before ? compared(now.budget, before.budget, "", 2) : `年初预算 ${money(now.initial)}`),
    card("全年执行数（万元）", money(now.executed), before ? compared(now.executed, before.executed, "", 2) : " "),
    card("项目", String(now.projects), `${now.departments} 个部门${data.missingCount ? ` · 未报送 ${data.missingCount}` : ""}`),
    card("优、良占比", graded ? `${((100 * good) / graded).toFixed(1)}%` : "—", `${good} 个，共评定 ${graded} 个`),
    card("问题", String(now.findings.reduce((sum, count) => sum + count, 0)), badges(now.findings)),
  ];
  target.replaceChildren(...cards);
}
