// Makes elements. Texts always go in as text nodes: what stands in a form is shown, never obeyed.

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function badges(counts) {
  if (!counts.some(Boolean)) return [element("span", { class: "none" }, "无问题")];
  return SEVERITIES.map(({ key, sign, word }, at) =>
    counts[at]
      ? element("span", { class: `badge ${key}`, title: `${word} ${counts[at]}`, "aria-label": `${word} ${counts[at]}` }, `${sign} ${counts[at]}`)
      : null,
  );
}

function choice(label, value, options, onchange) {
  const select = element(
    "select",
    { "aria-label": label, onchange: () => onchange(select.value === "" ? null : select.value) },
    options.map(([key, title]) => element("option", { value: key, selected: key === value }, title)),
  );
  return element("label", { class: "choice" }, element("span", {}, label), select);
}
