package app

import (
	"context"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/server/problem"
)

const probeTimeout = 3 * time.Second

// ready says whether the site can work: its database and its vault answer.
func (h *House) ready(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), probeTimeout)
	defer cancel()
	if err := h.DB.Ping(ctx); err != nil {
		return problem.Send(c, err)
	}
	if _, err := h.Vault.Stat(ctx, vault.DigestOf(nil)); err != nil && qms.CodeOf(err) != qms.CodeNotFound {
		return problem.Send(c, err)
	}
	return c.SendString("ready\n")
}

// meter counts requests by the pattern of their route: never by path, which may name a person.
type meter struct {
	clock    qms.Clock
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMeter(clock qms.Clock) *meter {
	m := &meter{clock: clock, registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "maillon_http_requests_total", Help: "Requests answered."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "maillon_http_request_seconds", Help: "Time to answer.", Buckets: prometheus.ExponentialBuckets(0.001, 4, 8)}, []string{"method", "route"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// middleware stands within the log line, so that an error has its status already.
func (m *meter) middleware(c *fiber.Ctx) error {
	began := m.clock()
	err := c.Next()
	if err != nil {
		if err = c.App().ErrorHandler(c, err); err != nil {
			return err
		}
	}
	method, route := method(c.Method()), c.Route().Path
	m.requests.WithLabelValues(method, route, strconv.Itoa(c.Response().StatusCode())).Inc()
	m.seconds.WithLabelValues(method, route).Observe(m.clock().Sub(began).Seconds())
	return nil
}

// method keeps a client from making labels up.
func method(name string) string {
	switch name {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodPost, fiber.MethodPut, fiber.MethodPatch, fiber.MethodDelete, fiber.MethodOptions:
		return name
	}
	return "other"
}

func (m *meter) handler() fiber.Handler {
	return adaptor.HTTPHandler(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
}
